import { act, render, screen } from '@testing-library/react'
import type { ReactNode } from 'react'
import { expect, it, vi } from 'vitest'
import { createStore } from '../lib/store'
import { logDeps } from '../test/logs'
import { CHEN, event, LIN, message, ROOM, snapshot } from '../test/samples'
import type { Message } from '../wire'
import { createHere } from './here'
import type { OutboxState } from './outbox'
import { type Client, ClientContext, useMessages, usePresence, useRoom, useWished } from './react'
import { createReacting } from './reacting'
import { createRoomLogs } from './rooms'

function Page() {
  const { live } = useRoom(ROOM)
  const { messages, pending } = useMessages(ROOM)
  const { count } = usePresence(ROOM)
  const said = messages.map((it) => `${it.content}${(it.reactions ?? []).map((one) => ` ${one.emoji}${one.count}`).join('')}`)
  return <p role="status">{[live ? 'live' : 'old', count, ...said, ...pending.map((it) => `(${it.content})`)].join(' | ')}</p>
}

function client() {
  const [follow, unfollow] = [vi.fn(), vi.fn()]
  const logs = createRoomLogs(logDeps({ snapshot: async () => snapshot({ messages: [message(1, { content: '一' })] }), follow, unfollow }))
  const here = createHere({ online: async () => ({ room_id: ROOM, count: 1, people: [LIN] }), typing: async () => ({ room_id: ROOM, count: 0, people: [] }), me: () => CHEN.id, later: () => undefined })
  const state = createStore<OutboxState>({ entries: [], asking: null })
  const reacting = createReacting({ change: () => new Promise(() => undefined), later: () => undefined })
  const it1: Client = { logs, here, reacting, outbox: { state }, me: () => CHEN }
  return { it1, logs, here, reacting, state, follow, unfollow }
}

const drawn = (it1: Client, page: ReactNode) => render(<ClientContext value={it1}>{page}</ClientContext>)

it('a component that uses a room follows it: messages, my reactions at once, what is on its way, who is here', async () => {
  const { it1, logs, reacting, state, follow, unfollow } = client()
  const page = drawn(it1, <Page />)
  await vi.waitFor(() => expect(screen.getByRole('status')).toHaveTextContent('old | 1 | 一'))
  expect(follow).toHaveBeenCalledExactlyOnceWith(ROOM, 1, 'e1')
  act(() => logs.caughtUp(ROOM))
  act(() => logs.event({ op: 'event', ...event(2, 'MessagePosted', { message_id: 'm-2', kind: 'text', message: { content: '二' } }) }))
  act(() => void reacting.react('m-2', '✅', true))
  const waiting = { id: 'c-1', user: CHEN.id, room: ROOM, content: '三', at: 0, order: 1, state: 'queued' as const }
  act(() => state.set({ entries: [waiting, { ...waiting, id: 'c-2', room: 'other' }, { ...waiting, id: 'c-3', state: 'sent', seq: 2 }], asking: null }))
  expect(screen.getByRole('status')).toHaveTextContent('live | 1 | 一 | 二 ✅1 | (三)')
  page.unmount()
  expect(unfollow).toHaveBeenCalledOnce()
})

function Earlier({ messages }: { messages: Message[] }) {
  const reactions = useWished()(messages).flatMap((it) => it.reactions ?? [])
  return <p role="status">{reactions.map((it) => `${it.emoji}${it.count}`).join(' ')}</p>
}

it('my reactions show at once on any part of the talk', () => {
  const { it1, reacting } = client()
  drawn(it1, <Earlier messages={[message(1)]} />)
  act(() => void reacting.react('m-1', '✅', true))
  expect(screen.getByRole('status')).toHaveTextContent('✅1')
})

it('without a client around it says so', () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  expect(() => render(<Page />)).toThrow('no client around this component')
})
