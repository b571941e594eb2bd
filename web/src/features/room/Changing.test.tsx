import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Problem } from '../../lib/problem'
import { at, LIN } from '../../test/samples'
import { choose, mine, open, soon, theirs } from '../../test/talk'

beforeEach(() => void vi.useFakeTimers({ now: soon, toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

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

  it('of a message that is gone the words become a new one’s draft', async () => {
    const { bar, deeds } = await open()
    deeds.edit.mockResolvedValueOnce('gone')
    await userEvent.click(bar(2).getByRole('button', { name: '編輯' }))
    await userEvent.type(screen.getByRole('textbox', { name: '編輯訊息' }), '！{Enter}')
    expect(await screen.findByRole('textbox', { name: '訊息' })).toHaveValue('先停進板！')
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

it('a history that cannot be read says why', async () => {
  const { deeds } = await open([{ ...theirs, edited_at: at(30) }])
  deeds.history.mockRejectedValueOnce(new Problem('not_found', 404, ''))
  await userEvent.click(screen.getByRole('button', { name: '已編輯' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('讀不到編輯紀錄：找不到')
})
