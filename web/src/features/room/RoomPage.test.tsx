import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { draw } from '../../test/page'
import { ME, view } from '../../test/room'
import { at, CHEN, ROOM } from '../../test/samples'
import { RoomPage } from './RoomPage'

describe('a room', () => {
  it('says what, how bad, since when, who and where; text of people stays text', async () => {
    await draw(<RoomPage view={view()} />)
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('RO-03 第 5 溫區超溫')
    expect(screen.getAllByText('緊急')[0]).toBeVisible()
    const log = screen.getByRole('log')
    expect(log).toHaveTextContent('<img src=x onerror=alert(1)> 進板已停')
    expect(log.querySelector('img')).toBeNull()
    expect(log).toHaveTextContent('268.4 °C，上限 255')
    expect(document.title).toBe('RO-03 第 5 溫區超溫 · Andon Hub')
  })

  it('the card follows 人事時地物, with the raw data folded away', async () => {
    await draw(<RoomPage view={view()} />)
    await userEvent.click(screen.getByRole('button', { name: '事件卡' }))
    await screen.findByRole('dialog')
    // The drawer slides in: what is in the document is not visible yet.
    for (const name of ['人', '事', '時', '地', '物']) await waitFor(() => expect(screen.getByRole('region', { name })).toBeVisible())
    expect(screen.getByRole('region', { name: '事' })).toHaveTextContent('E-2105')
    expect(screen.getByRole('region', { name: '地' })).toHaveTextContent('竹北廠SMT-3RO-03')
    expect(screen.getByText('原始資料').closest('details')).not.toHaveAttribute('open')
  })

  it('is taken with one tap', async () => {
    const it1 = view()
    await draw(<RoomPage view={it1} />)
    await userEvent.click(screen.getByRole('button', { name: '我來處理' }))
    expect(it1.act).toHaveBeenCalledExactlyOnceWith(it1.snapshot.room, 'acknowledged')
  })

  it('asks once before restoring what the machine still reports', async () => {
    const it1 = view({}, { status: 'on_site', owner: CHEN })
    await draw(<RoomPage view={it1} />)
    await userEvent.click(screen.getByRole('button', { name: '確認恢復' }))
    expect(it1.act).not.toHaveBeenCalled()
    const question = await screen.findByRole('dialog', { name: '機台仍回報動作中，確定？' })
    await userEvent.click(within(question).getByRole('button', { name: '對，確認恢復' }))
    expect(it1.act).toHaveBeenCalledWith(it1.snapshot.room, 'restored')
  })

  it('offline: writing goes on, steps wait', async () => {
    const pending = [{ id: 'c-1', user: CHEN.id, room: ROOM, content: '先不要開蓋', at: Date.parse(at(60)), order: 1, state: 'queued' as const }]
    await draw(<RoomPage view={view({ offline: true, pending })} />)
    expect(screen.getByRole('button', { name: '我來處理' })).toBeDisabled()
    expect(screen.getByRole('textbox', { name: '訊息' })).toBeEnabled()
    expect(screen.getByRole('log')).toHaveTextContent('先不要開蓋 待送，第 1 則')
  })

  it('a refused message says why and can be sent again, changed or dropped', async () => {
    const entry = { id: 'c-1', user: CHEN.id, room: ROOM, content: '太長', at: Date.parse(at(60)), order: 1, state: 'failed' as const, reason: 'content_too_long' }
    const it1 = view({ pending: [entry] })
    await draw(<RoomPage view={it1} />)
    expect(screen.getByRole('alert')).toHaveTextContent('未送出：文字超過 10 KB')
    await userEvent.click(screen.getByRole('button', { name: '重試' }))
    expect(it1.retry).toHaveBeenCalledWith('c-1')
    await userEvent.click(screen.getByRole('button', { name: '編輯' }))
    expect(screen.getByRole('textbox', { name: '訊息' })).toHaveValue('太長')
    expect(it1.discard).toHaveBeenCalledWith('c-1')
  })

  it.each([
    [{ me: { ...ME, role: 'viewer' as const } }, {}, '你只能檢視這一間'],
    [{}, { status: 'closed' as const, closed_at: at(99) }, '事件室已結案，不再收訊息'],
  ])('read-only says why instead of showing a composer (%#)', async (change, facts, words) => {
    await draw(<RoomPage view={view(change, facts)} />)
    expect(screen.getByText(words)).toBeVisible()
    expect(screen.queryByRole('textbox')).toBeNull()
  })
})
