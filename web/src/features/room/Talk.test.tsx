import { act, fireEvent, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ME } from '../../test/room'
import { at, CHEN, LIN, message, ROOM, snapshot } from '../../test/samples'
import { choose, member, mine, open, soon, theirs } from '../../test/talk'

beforeEach(() => void vi.useFakeTimers({ now: soon, toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

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
    { emoji: '✅', count: 2, users: [LIN, CHEN], mine: true },
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

  it('one of many is marked and listed also where the hub does not name him', async () => {
    const { deeds } = await open([{ ...theirs, reactions: [{ emoji: '👍', count: 22, users: [LIN], mine: true }] }])
    const chip = screen.getByRole('button', { name: '👍：林雅婷、你，還有 20 人', pressed: true })
    await userEvent.click(chip)
    expect(deeds.react).toHaveBeenCalledExactlyOnceWith('m-3', '👍', false)
  })

  it('a viewer sees them and changes nothing', async () => {
    await open([{ ...theirs, reactions }], { me: { ...ME, role: 'viewer' } })
    expect(screen.getByRole('button', { name: '收到：林雅婷、你' })).toBeDisabled()
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

  it('@當班 calls who was on shift; without a roster, those who may act in the room', async () => {
    const calls = (seq: number, onShift: object) => message(seq, { sender: LIN, content: '@當班 請來', metadata: { mentions: { groups: ['oncall'], ...onShift } } })
    const { row } = await open([calls(4, {}), calls(5, { on_shift: [LIN] }), calls(6, { on_shift: [LIN, CHEN] })])
    expect([4, 5, 6].map((seq) => row(seq).hasAttribute('data-called'))).toEqual([true, false, true])
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
    fireEvent.click(sheet.getByRole('button', { name: '收到' })) // the finger lifts where the sheet came up
    expect(deeds.react).not.toHaveBeenCalled()
    await act(() => new Promise((done) => setTimeout(done, 150)))
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
