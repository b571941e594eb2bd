import { expect, it, vi } from 'vitest'
import { Problem } from '../lib/problem'
import { Line } from '../test/line'
import { event, LIN, ROOM } from '../test/samples'
import type { ClientFrame } from '../wire'
import { createSocket, type SocketEars } from './socket'

const ears = () => Object.fromEntries(['event', 'signal', 'resync', 'caughtUp', 'forbidden', 'ready', 'signedOut'].map((name) => [name, vi.fn()])) as unknown as { [K in keyof SocketEars]: ReturnType<typeof vi.fn<SocketEars[K]>> }
const settle = () => new Promise((done) => setTimeout(done))
const message = { room: ROOM, client_msg_id: 'c-1', content: '進板已停' }

async function online() {
  Line.lines = []
  const heard = ears()
  const clock = { now: 1000 }
  const ticket = vi.fn(async () => 't-1')
  const socket = createSocket({ url: () => 'ws://hub/ws', ticket, WebSocket: Line as unknown as typeof WebSocket, now: () => clock.now, random: () => 0 }, heard)
  const answer = () => {
    const line = Line.lines.at(-1) as Line
    line.hear({ op: 'hello', v: 1, epoch: 'e1', heartbeat_ms: 25_000, limits: {}, server_time: new Date().toISOString() })
    line.hear({ op: 'ready', user: LIN })
    return line
  }
  socket.start()
  await settle()
  return { socket, heard, clock, ticket, answer, line: answer() }
}

it('signs in with the ticket in the first frame, never in the address', async () => {
  const { line, heard } = await online()
  expect(line.url).toBe('ws://hub/ws')
  expect(line.said[0]).toEqual({ op: 'auth', ticket: 't-1', v: 1 })
  expect(heard.ready).toHaveBeenCalledOnce()
})

it('one socket carries events, signals and snapshots of many rooms', async () => {
  const { socket, line, heard } = await online()
  socket.follow(ROOM, 1, 'e1')
  socket.follow('other', 4, 'e1')
  line.hear({ op: 'event', ...event(2, 'MessagePosted') })
  line.hear({ op: 'resync_required', room: 'other' })
  line.hear({ op: 'signal', kind: 'lobby', rooms: [] })
  expect(Line.lines).toHaveLength(1)
  expect(heard.event.mock.calls[0]?.[0].seq).toBe(2)
  expect(heard.resync).toHaveBeenCalledExactlyOnceWith('other')
  expect(heard.signal).toHaveBeenCalledOnce()
})

it('a message is sent when the hub says it is durable, refused when it says so', async () => {
  const { socket, line } = await online()
  const sent = socket.send(message)
  line.hear({ op: 'ack', ref: 'c-1', message_id: 'm', seq: 7 })
  await expect(sent).resolves.toMatchObject({ seq: 7 })
  const refused = socket.send({ ...message, client_msg_id: 'c-2' })
  line.hear({ op: 'error', code: 'room_closed', message: 'closed', ref: 'c-2' })
  await expect(refused).rejects.toMatchObject({ code: 'room_closed' })
})

it('nobody waits for an answer on a line that broke; the next line takes up where it was', async () => {
  const { socket, clock, line, answer } = await online()
  socket.follow(ROOM, 3, 'e1')
  line.hear({ op: 'event', ...event(4, 'MessagePosted') })
  const sent = socket.send(message)
  line.drop(1006)
  await expect(sent).rejects.toBeInstanceOf(Problem)
  await expect(socket.send(message)).rejects.toMatchObject({ code: 'offline' })
  clock.now += 1
  socket.tick()
  await settle()
  expect(answer().said.at(-1)).toMatchObject({ op: 'subscribe', room: ROOM, after_seq: 4 })
  line.hear({ op: 'event', ...event(5, 'MessagePosted') })
  expect(socket.state.get().rooms[ROOM]?.seq).toBe(4)
})

it('goes to the sign-in when the session has ended', async () => {
  const { line, heard, socket } = await online()
  line.drop(4009)
  expect(heard.signedOut).toHaveBeenCalledOnce()
  expect(socket.state.get().phase).toBe('stopped')
})

it('a change is done when the hub says so, refused with its code, and never waits for a connection', async () => {
  const { socket, line } = await online()
  const change = { op: 'edit', message_id: 'm-1', content: '改過', version: 1 } as const
  const refOf = (frame?: ClientFrame) => (frame as { ref?: string } | undefined)?.ref ?? ''
  const first = socket.change(change)
  expect(line.said.at(-1)).toEqual({ ...change, ref: refOf(line.said.at(-1)) })
  line.hear({ op: 'done', ref: refOf(line.said.at(-1)) })
  await expect(first).resolves.toBeUndefined()

  const second = socket.change({ op: 'react', message_id: 'm-1', emoji: '✅' })
  line.hear({ op: 'error', code: 'deleted', message: '', ref: refOf(line.said.at(-1)) })
  await expect(second).rejects.toMatchObject({ code: 'deleted' })

  const third = socket.change({ op: 'delete', message_id: 'm-1' })
  line.drop(1006)
  await expect(third).rejects.toMatchObject({ code: 'offline' })
  await expect(socket.change(change)).rejects.toMatchObject({ code: 'offline' })
})

it('typing is said while connected, and lost otherwise', async () => {
  const { socket, line } = await online()
  socket.typing(ROOM, true)
  expect(line.said.at(-1)).toEqual({ op: 'typing', room: ROOM, active: true })
  line.drop(1006)
  socket.typing(ROOM, false)
  expect(line.said.at(-1)).toMatchObject({ active: true })
})
