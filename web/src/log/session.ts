import type { Ack, ClientFrame, Done, Error as Refusal, EventFrame, Hello, ServerFrame, Signal } from '../wire'
import { afterClose, backoff, type Stop } from './reconnect'

/**
 * The session of one socket, without I/O: `step(state, input)` says what to do next.
 * The shell in socket.ts performs the effects and feeds what happened back in. Times are ms of the device.
 */
export interface Session {
  phase: 'idle' | 'waiting' | 'ticket' | 'connecting' | 'ready' | 'stopped'
  attempt: number
  retryAt: number
  heardAt: number
  beatAt: number
  heartbeatMs: number
  rooms: Readonly<Record<string, Followed>>
  /** Since when nothing is live; null while it is. */
  downSince: number | null
  /** Why it stopped for good. */
  stop: Stop | null
}

/** `subscribed` until caught up, `resync` while the snapshot is being fetched. */
export interface Followed {
  seq: number
  epoch: string
  state: 'wanted' | 'subscribed' | 'live' | 'resync'
}

export type Input =
  | { kind: 'start' | 'stop' | 'wake' | 'tick' | 'opened'; at: number }
  | { kind: 'ticket'; at: number; ticket: string }
  | { kind: 'no_ticket'; at: number; signedOut: boolean; random: number }
  | { kind: 'frame'; at: number; frame: ServerFrame; random: number }
  | { kind: 'closed'; at: number; code: number; random: number }
  | { kind: 'follow'; at: number; room: string; seq: number; epoch: string }
  | { kind: 'unfollow'; at: number; room: string }

export type Effect =
  | { do: 'ticket' | 'close' | 'lost' | 'ready' }
  | { do: 'open'; ticket: string }
  | { do: 'send'; frame: ClientFrame }
  | { do: 'snapshot' | 'caught_up' | 'forbidden'; room: string }
  | { do: 'event'; frame: EventFrame }
  | { do: 'signal'; frame: Signal }
  | { do: 'ack'; frame: Ack }
  | { do: 'done'; frame: Done }
  | { do: 'refused'; frame: Refusal }
  | { do: 'clock'; serverTime: string }
  | { do: 'signed_out' }

export type Stepped = { state: Session; effects: Effect[] }

const DEAD_MS = 60_000

export const newSession = (): Session => ({
  phase: 'idle',
  attempt: 0,
  retryAt: 0,
  heardAt: 0,
  beatAt: 0,
  heartbeatMs: 25_000,
  rooms: {},
  downSince: null,
  stop: null,
})

const only = (state: Session, ...effects: Effect[]): Stepped => ({ state, effects })

function connect(state: Session, at: number): Stepped {
  const downSince = state.downSince ?? at
  return only({ ...state, phase: 'ticket', downSince, heardAt: at, stop: null }, { do: 'ticket' })
}

function mapRooms(state: Session, change: (room: Followed, id: string) => Followed): Session {
  return { ...state, rooms: Object.fromEntries(Object.entries(state.rooms).map(([id, it]) => [id, change(it, id)])) }
}

const withRoom = (state: Session, id: string, room: Followed): Session => ({ ...state, rooms: { ...state.rooms, [id]: room } })

function retry(state: Session, at: number, wait: number): Stepped {
  const down = mapRooms(state, (room) => (room.state === 'resync' ? room : { ...room, state: 'wanted' }))
  const downSince = state.downSince ?? at
  return only({ ...down, phase: 'waiting', attempt: state.attempt + 1, retryAt: at + wait, downSince }, { do: 'lost' })
}

function stopped(state: Session, at: number, stop: Stop): Stepped {
  const next: Session = { ...state, phase: 'stopped', stop, downSince: state.downSince ?? at }
  return only(next, { do: 'lost' }, ...(stop.why === 'signin' ? [{ do: 'signed_out' } as const] : []))
}

function subscribe(state: Session, room: string): Stepped {
  const followed = state.rooms[room]
  if (!followed || state.phase !== 'ready' || followed.state !== 'wanted') return only(state)
  const frame: ClientFrame = { op: 'subscribe', room, after_seq: followed.seq, epoch: followed.epoch }
  return only(withRoom(state, room, { ...followed, state: 'subscribed' }), { do: 'send', frame })
}

function ready(state: Session): Stepped {
  let next: Session = { ...state, phase: 'ready', attempt: 0, downSince: null }
  const effects: Effect[] = [{ do: 'ready' }]
  for (const room of Object.keys(state.rooms)) {
    const stepped = subscribe(next, room)
    next = stepped.state
    effects.push(...stepped.effects)
  }
  return { state: next, effects }
}

function resync(state: Session, room: string): Stepped {
  const followed = state.rooms[room]
  if (!followed || followed.state === 'resync') return only(state)
  return only(withRoom(state, room, { ...followed, state: 'resync' }), { do: 'snapshot', room })
}

function event(state: Session, frame: EventFrame): Stepped {
  const followed = state.rooms[frame.room]
  if (!followed || followed.state === 'resync' || frame.seq <= followed.seq) return only(state)
  if (frame.seq !== followed.seq + 1) return resync(state, frame.room)
  return only(withRoom(state, frame.room, { ...followed, seq: frame.seq }), { do: 'event', frame })
}

function caughtUp(state: Session, room: string): Stepped {
  const followed = state.rooms[room]
  if (!followed || followed.state !== 'subscribed') return only(state)
  return only(withRoom(state, room, { ...followed, state: 'live' }), { do: 'caught_up', room })
}

function refused(state: Session, frame: Refusal): Stepped {
  const followed = frame.room ? state.rooms[frame.room] : undefined
  const lost = followed && !frame.ref && ['forbidden', 'not_found'].includes(frame.code)
  if (!lost || !frame.room) return only(state, { do: 'refused', frame })
  const { [frame.room]: _gone, ...rooms } = state.rooms
  return only({ ...state, rooms }, { do: 'forbidden', room: frame.room })
}

function hello(state: Session, frame: Hello): Stepped {
  return only({ ...state, heartbeatMs: frame.heartbeat_ms }, { do: 'clock', serverTime: frame.server_time })
}

function frameCame(state: Session, { frame, at, random }: Extract<Input, { kind: 'frame' }>): Stepped {
  const heard = { ...state, heardAt: at }
  switch (frame.op) {
    case 'hello':
      return hello(heard, frame)
    case 'ready':
      return ready({ ...heard, beatAt: at })
    case 'event':
      return event(heard, frame)
    case 'caught_up':
      return caughtUp(heard, frame.room)
    case 'resync_required':
      return resync(heard, frame.room)
    case 'ack':
      return only(heard, { do: 'ack', frame })
    case 'done':
      return only(heard, { do: 'done', frame })
    case 'error':
      return refused(heard, frame)
    case 'signal':
      return only(heard, { do: 'signal', frame })
    case 'hb':
      return only(heard, { do: 'clock', serverTime: frame.server_time })
    case 'reconnect': {
      const later = retry({ ...heard, attempt: 0 }, at, frame.after_ms + random * 500)
      return { state: later.state, effects: [{ do: 'close' }, ...later.effects] }
    }
    default:
      return only(heard)
  }
}

function closed(state: Session, { code, at, random }: Extract<Input, { kind: 'closed' }>): Stepped {
  if (state.phase === 'idle' || state.phase === 'stopped' || state.phase === 'waiting') return only(state)
  const after = afterClose(code)
  if (typeof after === 'object') return stopped(state, at, after)
  const slow = code === 1013 || code === 4008 ? 5000 : 0
  const later = retry(state, at, slow + backoff(state.attempt, random))
  if (after !== 'resync') return later
  const rooms = Object.keys(later.state.rooms)
  const marked = mapRooms(later.state, (room) => ({ ...room, state: 'resync' }))
  return { state: marked, effects: [...later.effects, ...rooms.map((room) => ({ do: 'snapshot', room }) as const)] }
}

function ticked(state: Session, at: number): Stepped {
  if (state.phase === 'waiting') return at >= state.retryAt ? connect(state, at) : only(state)
  const open = state.phase === 'ready' || state.phase === 'connecting'
  const patience = state.phase === 'ready' ? DEAD_MS : 15_000
  if (open && at - state.heardAt >= patience) {
    const later = retry(state, at, backoff(state.attempt, 0.5))
    return { state: later.state, effects: [{ do: 'close' }, ...later.effects] }
  }
  if (state.phase !== 'ready' || at - state.beatAt < state.heartbeatMs) return only(state)
  return only({ ...state, beatAt: at }, { do: 'send', frame: { op: 'hb' } })
}

function follow(state: Session, { room, seq, epoch }: Extract<Input, { kind: 'follow' }>): Stepped {
  return subscribe(withRoom(state, room, { seq, epoch, state: 'wanted' }), room)
}

function unfollow(state: Session, room: string): Stepped {
  if (!state.rooms[room]) return only(state)
  const { [room]: gone, ...rooms } = state.rooms
  const tell = state.phase === 'ready' && (gone?.state === 'subscribed' || gone?.state === 'live')
  return only({ ...state, rooms }, ...(tell ? [{ do: 'send', frame: { op: 'unsubscribe', room } } as const] : []))
}

function noTicket(state: Session, { at, random, signedOut }: Extract<Input, { kind: 'no_ticket' }>): Stepped {
  if (state.phase !== 'ticket') return only(state)
  if (signedOut) return stopped(state, at, { why: 'signin', code: 0 })
  return retry(state, at, backoff(state.attempt, random))
}

/** The next state and what to do. Pure: same state and input, same answer. */
export function step(state: Session, input: Input): Stepped {
  switch (input.kind) {
    case 'start':
      return state.phase === 'idle' || state.phase === 'stopped' ? connect({ ...state, attempt: 0 }, input.at) : only(state)
    case 'stop':
      return only(newSession(), { do: 'close' })
    case 'wake':
      return state.phase === 'waiting' ? connect(state, input.at) : ticked(state, input.at)
    case 'tick':
      return ticked(state, input.at)
    case 'ticket':
      if (state.phase !== 'ticket') return only(state)
      return only({ ...state, phase: 'connecting', heardAt: input.at }, { do: 'open', ticket: input.ticket })
    case 'no_ticket':
      return noTicket(state, input)
    case 'opened':
      return only({ ...state, heardAt: input.at })
    case 'frame':
      return frameCame(state, input)
    case 'closed':
      return closed(state, input)
    case 'follow':
      return follow(state, input)
    case 'unfollow':
      return unfollow(state, input.room)
  }
}
