import { act, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { Problem } from '../lib/problem'
import { createStore } from '../lib/store'
import { createHere } from '../log/here'
import { type Client, ClientContext } from '../log/react'
import type { OutboxState } from '../log/outbox'
import { createRoomLogs } from '../log/rooms'
import { newSession } from '../log/session'
import { logDeps } from '../test/logs'
import { draw } from '../test/page'
import { CHEN, ROOM, snapshot } from '../test/samples'
import { HubContext } from './context'
import type { Hub } from './hub'
import { RoomRoute } from './RoomRoute'

it('a room that is no longer visible closes with a word, and with a way back to Now', async () => {
  const answers = [snapshot()]
  const read = async () => answers.shift() ?? Promise.reject(new Problem('not_found', 404, ''))
  const logs = createRoomLogs(logDeps({ snapshot: read, hidden: () => true }))
  const me = { ...CHEN, username: 'chen', role: 'responder', language: null }
  const outbox = { state: createStore<OutboxState>({ entries: [], asking: null }), remove: () => undefined }
  const here = createHere({ online: async () => ({ room_id: ROOM, count: 0, people: [] }), typing: async () => ({ room_id: ROOM, count: 0, people: [] }), me: () => CHEN.id, later: () => undefined })
  const client: Client = { logs, outbox, here, reacting: { state: createStore<never[]>([]) }, me: () => CHEN }
  const hub = {
    api: {},
    logs,
    presence: createStore({ known: true, me, ended: false }),
    socket: { state: createStore(newSession()), wake: () => undefined },
    outbox,
  } as unknown as Hub
  await draw(
    <HubContext value={hub}>
      <ClientContext value={client}>
        <RoomRoute roomId={ROOM} />
      </ClientContext>
    </HubContext>,
  )
  expect(screen.getByRole('log')).toBeVisible()

  await act(() => logs.load(ROOM)) // what `resync_required` asks for
  expect(screen.getByRole('alert')).toHaveTextContent('你已不在這個事件室')
  expect(screen.getByRole('link', { name: '現況' })).toHaveAttribute('href', '/')
  expect(screen.queryByRole('log')).toBeNull()

  const entry = { id: 'c-1', user: CHEN.id, room: ROOM, content: '帶一顆 SSR', at: 0, order: 1, state: 'failed' as const, reason: 'not_found' }
  act(() => outbox.state.set({ entries: [entry], asking: null }))
  expect(screen.getByRole('listitem')).toHaveTextContent('帶一顆 SSR未送出：找不到，或你看不到這一間')
})
