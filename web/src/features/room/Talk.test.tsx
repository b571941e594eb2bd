import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Problem } from '../../lib/problem'
import { draw } from '../../test/page'
import { ME, view } from '../../test/room'
import { at, CHEN, LIN, message, ROOM, snapshot } from '../../test/samples'
import type { Message } from '../../wire'
import type { RoomView } from './context'
import { RoomPage } from './RoomPage'

const soon = new Date(Date.parse(at(60)))
const member = (user: typeof CHEN, role: 'responder' | 'lead' | 'owner' = 'responder') => ({ user, role, from_seq: 1 })
const mine = message(2, { sender: CHEN, content: '先停進板', created_at: at(10) })
const theirs = message(3, { sender: LIN, content: '我過去看', created_at: at(20) })

beforeEach(() => void vi.useFakeTimers({ now: soon, toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

async function open(messages: Message[] = [mine, theirs], change: Partial<RoomView> = {}, role: 'responder' | 'owner' = 'responder') {
  const it1 = view({ snapshot: snapshot({ as_of_seq: 9, last_read_seq: 9, members: [member(CHEN, role), member(LIN)], messages }), ...change })
  const page = await draw(<RoomPage view={it1} />)
  const row = (seq: number) => page.container.querySelector(`[data-seq="${seq}"][data-kind="talk"]`) as HTMLElement
  const bar = (seq: number) => {
    fireEvent.mouseEnter(row(seq))
    return within(within(row(seq)).getByRole('toolbar', { name: '訊息動作' }))
  }
  return { it1, row, bar, deeds: vi.mocked(it1.deeds) }
}

const choose = async (bar: ReturnType<typeof within>, name: string) => {
  await userEvent.click(bar.getByRole('button', { name: '更多' }))
  await userEvent.click(await screen.findByRole('menuitem', { name }))
}

describe('the bar of a message', () => {
  it('is there under the pointer only; 收到 is its first word', async () => {
    const { bar, row, deeds } = await open()
    expect(screen.queryByRole('toolbar')).toBeNull()
    const first = bar(3).getAllByRole('button')[0] as HTMLElement
    expect(first).toHaveTextContent('收到')
    await userEvent.click(first)
    expect(deeds.react).toHaveBeenCalledExactlyOnceWith('m-3', '✅', true)
    fireEvent.mouseLeave(row(3))
    expect(screen.queryByRole('toolbar')).toBeNull()
  })

  it('the keyboard gets it too: arrows walk the rows, the focused one has its bar', async () => {
    const { row } = await open()
    screen.getByRole('log').focus()
    await userEvent.keyboard('{ArrowUp}')
    expect(row(3)).toHaveFocus()
    await userEvent.keyboard('{ArrowUp}')
    expect(row(2)).toHaveFocus()
    await userEvent.keyboard('{ArrowDown}')
    expect(row(3)).toHaveFocus()
  })

  it('others’ cannot be changed; unread and copy are for everybody', async () => {
    const { bar, deeds } = await open()
    const theBar = bar(3)
    expect(theBar.queryByRole('button', { name: '編輯' })).toBeNull()
    await choose(theBar, '標為未讀')
    expect(deeds.unread).toHaveBeenCalledExactlyOnceWith(theirs)
  })

  it('copies the text as it is read', async () => {
    const { bar, deeds } = await open()
    await choose(bar(3), '複製')
    expect(deeds.copy).toHaveBeenCalledExactlyOnceWith('我過去看')
    expect(screen.queryByRole('menuitem', { name: '刪除' })).toBeNull()
  })

  it('any emoji of the picker', async () => {
    const { bar, deeds } = await open()
    await userEvent.click(bar(3).getByRole('button', { name: '更多表情' }))
    await userEvent.click(await screen.findByRole('button', { name: '🔧' }))
    expect(deeds.react).toHaveBeenCalledExactlyOnceWith('m-3', '🔧', true)
  })
})

describe('reactions', () => {
  const reactions = [
    { emoji: '✅', count: 2, users: [LIN, CHEN] },
    { emoji: '👍', count: 22, users: [LIN] },
  ]

  it('show who, count everybody, and mark mine; a tap joins or leaves', async () => {
    const { deeds } = await open([{ ...theirs, reactions }])
    const received = screen.getByRole('button', { name: '收到：林雅婷、你' })
    expect(received).toHaveAttribute('aria-pressed', 'true')
    expect(received).toHaveTextContent('收到 2')
    await userEvent.click(received)
    expect(deeds.react).toHaveBeenCalledWith('m-3', '✅', false)
    await userEvent.click(screen.getByRole('button', { name: '👍：林雅婷，還有 21 人' }))
    expect(deeds.react).toHaveBeenCalledWith('m-3', '👍', true)
  })

  it('a viewer sees them and changes nothing', async () => {
    await open([{ ...theirs, reactions }], { me: { ...ME, role: 'viewer' } })
    expect(screen.getByRole('button', { name: '收到：林雅婷、你' })).toBeDisabled()
  })
})

describe('editing', () => {
  it('takes the place of the composer, Enter saves, Esc leaves all as it was', async () => {
    const { bar, deeds } = await open()
    await userEvent.type(screen.getByRole('textbox', { name: '訊息' }), '草稿')
    await userEvent.click(bar(2).getByRole('button', { name: '編輯' }))
    const field = screen.getByRole('textbox', { name: '編輯訊息' })
    expect(field).toHaveValue('先停進板')
    await userEvent.type(field, '和冷卻{Enter}')
    expect(deeds.edit).toHaveBeenCalledExactlyOnceWith(mine, '先停進板和冷卻')
    expect(await screen.findByRole('textbox', { name: '訊息' })).toHaveValue('草稿')
    await userEvent.click(bar(2).getByRole('button', { name: '編輯' }))
    await userEvent.type(screen.getByRole('textbox', { name: '編輯訊息' }), 'x{Escape}')
    expect(screen.getByRole('textbox', { name: '訊息' })).toHaveValue('草稿')
    expect(deeds.edit).toHaveBeenCalledOnce()
  })

  it('ArrowUp in the empty field takes my last one', async () => {
    await open()
    await userEvent.type(screen.getByRole('textbox', { name: '訊息' }), '{ArrowUp}')
    expect(screen.getByRole('textbox', { name: '編輯訊息' })).toHaveValue('先停進板')
  })

  it('a refused edit keeps what was written', async () => {
    const { bar, deeds } = await open()
    deeds.edit.mockResolvedValueOnce('refused')
    await userEvent.click(bar(2).getByRole('button', { name: '編輯' }))
    await userEvent.type(screen.getByRole('textbox', { name: '編輯訊息' }), '！{Enter}')
    expect(screen.getByRole('textbox', { name: '編輯訊息' })).toHaveValue('先停進板！')
  })

  it('when it was changed elsewhere both texts are shown, and mine goes over the newer one', async () => {
    const { bar, deeds } = await open()
    const newer = { ...mine, content: '先停進板，再冷卻', version: 2 }
    deeds.edit.mockResolvedValueOnce(newer)
    await userEvent.click(bar(2).getByRole('button', { name: '編輯' }))
    await userEvent.type(screen.getByRole('textbox', { name: '編輯訊息' }), '！{Enter}')
    const question = await screen.findByRole('dialog', { name: '這則訊息在別處也改了' })
    expect(question).toHaveTextContent('先停進板，再冷卻')
    expect(question).toHaveTextContent('先停進板！')
    await userEvent.click(within(question).getByRole('button', { name: '換成你寫的' }))
    expect(deeds.edit).toHaveBeenLastCalledWith(newer, '先停進板！')
    expect(await screen.findByRole('textbox', { name: '訊息' })).toHaveValue('')
  })

  it('picked names come back as names', async () => {
    const her = { ...LIN, id: '0199a7c0-0000-7000-8000-0000000000aa' }
    const { bar } = await open([{ ...mine, content: `請<@${her.id}>看`, metadata: { mentions: { people: [her] } } }])
    await userEvent.click(bar(2).getByRole('button', { name: '編輯' }))
    expect(screen.getByRole('textbox', { name: '編輯訊息' })).toHaveValue('請@林雅婷看')
  })

  it('已編輯 opens every text it had', async () => {
    const edited = { ...theirs, content: '我到了', edited_at: at(30), version: 2 }
    const { deeds } = await open([edited])
    deeds.history.mockResolvedValueOnce([
      { version: 1, content: '我過去看', by: LIN, at: at(20) },
      { version: 2, content: '我到了', by: LIN, at: at(30) },
    ])
    await userEvent.click(screen.getByRole('button', { name: '已編輯' }))
    const history = await screen.findByRole('dialog', { name: '編輯紀錄' })
    await waitFor(() => expect(within(history).getAllByRole('listitem')).toHaveLength(2))
    expect(within(history).getAllByRole('listitem')[1]).toHaveTextContent('我過去看')
  })
})

describe('deleting', () => {
  it('asks first; my own needs no reason', async () => {
    const { bar, deeds } = await open()
    await choose(bar(2), '刪除')
    const question = await screen.findByRole('dialog', { name: '刪除這則訊息？' })
    expect(deeds.remove).not.toHaveBeenCalled()
    await userEvent.click(within(question).getByRole('button', { name: '刪除' }))
    expect(deeds.remove).toHaveBeenCalledExactlyOnceWith(mine, undefined)
  })

  it('another’s needs one', async () => {
    const { bar, deeds } = await open([theirs], {}, 'owner')
    await choose(bar(3), '刪除')
    const question = await screen.findByRole('dialog')
    const run = within(question).getByRole('button', { name: '刪除' })
    expect(run).toBeDisabled()
    await userEvent.type(within(question).getByRole('textbox', { name: '原因' }), '寫錯間')
    await userEvent.click(run)
    expect(deeds.remove).toHaveBeenCalledExactlyOnceWith(theirs, '寫錯間')
  })

  it('leaves its place', async () => {
    await open([{ ...theirs, content: '', deleted_at: at(30), reactions: [] }])
    expect(screen.getByRole('log')).toHaveTextContent('訊息已刪除')
  })
})

describe('mentions', () => {
  const mentions = { people: [CHEN], absent: [LIN] }
  const calling = message(4, { sender: CHEN, content: '請@林雅婷和@陳柏宇看', metadata: { mentions } })

  it('stand out, and tell the sender who was not told', async () => {
    const { row, deeds } = await open([calling], { snapshot: snapshot({ members: [member(CHEN)], messages: [calling] }) })
    expect(row(4)).toHaveAttribute('data-called')
    expect(screen.getByText('林雅婷 不在事件室，沒有通知到')).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: '加入' }))
    const question = await screen.findByRole('dialog', { name: '把 林雅婷 加入事件室？' })
    await userEvent.click(within(question).getByRole('button', { name: '加入' }))
    expect(deeds.add).toHaveBeenCalledExactlyOnceWith(LIN)
  })

  it('who came meanwhile is no longer absent', async () => {
    await open([calling])
    expect(screen.queryByText(/沒有通知到/)).toBeNull()
  })
})

describe('on a phone', () => {
  beforeEach(() => {
    const real = window.matchMedia
    vi.spyOn(window, 'matchMedia').mockImplementation((query) => ({ ...real(query), matches: query.includes('max-width: 47.99em') }))
  })
  const press = async (row: HTMLElement, ms: number) => {
    fireEvent.pointerDown(row, { pointerType: 'touch' })
    await act(() => new Promise((done) => setTimeout(done, ms)))
    fireEvent.pointerUp(row, { pointerType: 'touch' })
  }

  it('a long press opens the sheet, a short one does not', async () => {
    const { row, deeds } = await open()
    await press(row(2), 100)
    await act(() => new Promise((done) => setTimeout(done, 500)))
    expect(screen.queryByRole('dialog')).toBeNull()
    await press(row(2), 500)
    const sheet = within(await screen.findByRole('dialog', { name: '訊息動作' }))
    expect(sheet.getAllByRole('button').map((it) => it.getAttribute('aria-label') ?? it.textContent?.trim())).toEqual(['關閉', '收到', '👍', '🙏', '👀', '更多表情', '編輯', '標為未讀', '複製', '刪除'])
    await userEvent.click(sheet.getByRole('button', { name: '收到' }))
    expect(deeds.react).toHaveBeenCalledExactlyOnceWith('m-2', '✅', true)
  })
})

describe('what was refused because the room ended', () => {
  it('waits as a draft', async () => {
    const entry = { id: 'c-1', user: CHEN.id, room: ROOM, content: '還要一顆 SSR', at: Date.parse(at(60)), order: 1, state: 'failed' as const, reason: 'room_closed' }
    const { it1 } = await open([mine], { pending: [entry] })
    expect(screen.getByRole('textbox', { name: '訊息' })).toHaveValue('還要一顆 SSR')
    expect(it1.discard).toHaveBeenCalledWith('c-1')
    expect(await screen.findByRole('textbox')).toBeEnabled()
  })
})

it('who writes stands above the field, three names and a number', async () => {
  const here = { count: 4, online: new Set([CHEN.id]), typing: [LIN], writing: 1 }
  await open([mine], { here })
  expect(screen.getByText('林雅婷 輸入中…')).toBeVisible()
  expect(screen.getByRole('banner')).toHaveTextContent('2 人 · 在線 4')
})

it('a history that cannot be read says why', async () => {
  const { deeds } = await open([{ ...theirs, edited_at: at(30) }])
  deeds.history.mockRejectedValueOnce(new Problem('not_found', 404, ''))
  await userEvent.click(screen.getByRole('button', { name: '已編輯' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('讀不到編輯紀錄：找不到')
})
