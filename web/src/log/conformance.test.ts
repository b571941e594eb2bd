// The TypeScript client against the scenarios that the Python client plays too (tests/client/test_conformance.py).
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { Line } from '../test/line'
import { snapshot } from '../test/samples'
import type { EventFrame, ServerFrame } from '../wire'
import { createRoomLogs } from './rooms'
import { createSocket } from './socket'

const ROOM = '0199a7c0-0000-7000-8000-000000000042'
const AT = '2026-03-02T06:00:00Z'

type Step = Partial<Record<'event' | 'caught_up' | 'close', number>> & { client?: object; hub?: object; resync_required?: true; room?: string; type?: string }
type Scenario = { name: string; after: number; log: number; connections: Step[][]; delivers: number[]; ends_at?: number; gives_up?: true }

const scenarios = JSON.parse(readFileSync('../tests/data/conformance.json', 'utf8')) as Scenario[]

function eventOf(seq: number, room = ROOM, type = 'MessagePosted'): EventFrame {
  const body = { message_id: `m-${seq}`, kind: 'text', message: { content: `m${seq}` } }
  return { op: 'event', room, seq, type, actor: null, at: AT, body }
}

function frameOf(step: Step): ServerFrame {
  if (step.event !== undefined) return eventOf(step.event, step.room, step.type)
  if (step.caught_up !== undefined) return { op: 'caught_up', room: ROOM, seq: step.caught_up }
  if (step.resync_required) return { op: 'resync_required', room: ROOM }
  return step.hub as ServerFrame
}

const settle = () => new Promise((done) => setTimeout(done))

/** A client as the app wires it: the socket, and the logs of rooms behind it. */
function client(scenario: Scenario) {
  Line.lines = []
  const clock = { now: 1000 }
  const delivered: number[] = []
  const socket = createSocket(
    { url: () => 'ws://hub/ws', ticket: async () => 't', WebSocket: Line as unknown as typeof WebSocket, now: () => clock.now, random: () => 0 },
    {
      event: (frame) => {
        delivered.push(frame.seq)
        logs.event(frame)
      },
      signal: () => undefined,
      resync: (room) => void logs.load(room),
      caughtUp: (room) => logs.caughtUp(room),
      forbidden: (room) => logs.forbidden(room),
      ready: () => undefined,
      signedOut: () => undefined,
    },
  )
  const shots = [scenario.after, scenario.log]
  const logs = createRoomLogs({
    snapshot: async () => snapshot({ as_of_seq: shots.length > 1 ? shots.shift() : shots[0], messages: [] }),
    older: async () => ({ messages: [], before: null, after: null }),
    newer: async () => ({ messages: [], before: null, after: null }),
    around: async () => ({ messages: [], before: null, after: null }),
    follow: socket.follow,
    unfollow: socket.unfollow,
    arrived: () => undefined,
    hidden: () => false,
    schedule: (run) => run(),
    later: (run) => void setTimeout(run, 0),
  })
  const stopped = () => socket.state.get().phase === 'stopped' || logs.state(ROOM).get().problem !== null
  return { socket, logs, clock, delivered, stopped }
}

async function play(line: Line, steps: Step[]): Promise<void> {
  line.hear({ op: 'hello', v: 1, epoch: 'e', heartbeat_ms: 25_000, limits: {}, server_time: AT })
  line.hear({ op: 'ready', user: { id: ROOM, name: 'Bot', kind: 'bot' } })
  let heard = 1 // the first frame is the ticket
  for (const step of steps) {
    await settle()
    if (step.client) expect(line.said[heard++]).toMatchObject(step.client)
    else if (step.close !== undefined) line.drop(step.close)
    else line.hear(frameOf(step))
  }
}

it.each(scenarios)('$name', async (scenario) => {
  const { socket, logs, clock, delivered, stopped } = client(scenario)
  logs.open(ROOM)
  await settle()
  socket.start()
  for (const [number, steps] of scenario.connections.entries()) {
    clock.now += 60_001
    socket.tick()
    await settle()
    expect(Line.lines).toHaveLength(number + 1)
    await play(Line.lines[number] as Line, steps)
  }
  await settle()
  expect(stopped()).toBe(scenario.gives_up === true)
  expect(delivered).toEqual(scenario.delivers)
  if (!scenario.gives_up) expect(logs.state(ROOM).get().snapshot?.as_of_seq).toBe(scenario.ends_at ?? Math.max(...scenario.delivers))
})
