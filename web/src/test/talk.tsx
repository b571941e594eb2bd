import { fireEvent, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { vi } from 'vitest'
import type { RoomView } from '../features/room/context'
import { RoomPage } from '../features/room/RoomPage'
import type { Message } from '../wire'
import { draw } from './page'
import { ME, view } from './room'
import { at, CHEN, LIN, message, snapshot } from './samples'

export const soon = new Date(Date.parse(at(60)))
export const member = (user: typeof CHEN, role: 'responder' | 'lead' | 'owner' = 'responder') => ({ user, role, from_seq: 1 })
export const mine = message(2, { sender: CHEN, content: '先停進板', created_at: at(10) })
export const theirs = message(3, { sender: LIN, content: '我過去看', created_at: at(20) })

/** A room page with these messages; `bar` is the bar of a row under the mouse. */
export async function open(messages: Message[] = [mine, theirs], change: Partial<RoomView> = {}, role: 'responder' | 'owner' = 'responder') {
  const { id: user_id, role: site, kind } = change.me ?? ME
  const reader = { user_id, role: site, kind, lines: null }
  const it1 = view({ snapshot: snapshot({ reader, as_of_seq: 9, last_read_seq: 9, members: [member(CHEN, role), member(LIN)], messages }), ...change })
  const page = await draw(<RoomPage view={it1} />)
  const row = (seq: number) => page.container.querySelector(`[data-seq="${seq}"][data-kind="talk"]`) as HTMLElement
  const bar = (seq: number) => {
    fireEvent.mouseEnter(row(seq))
    return within(within(row(seq)).getByRole('toolbar', { name: '訊息動作' }))
  }
  return { it1, row, bar, deeds: vi.mocked(it1.deeds) }
}

/** Choose from the menu of a bar. */
export const choose = async (bar: ReturnType<typeof within>, name: string) => {
  await userEvent.click(bar.getByRole('button', { name: '更多' }))
  await userEvent.click(await screen.findByRole('menuitem', { name }))
}
