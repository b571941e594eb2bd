import type { ClientFrame, EventFrame, ServerFrame, Signal } from '../wire'
import { learnServerTime } from '../lib/clock'
import { offline, Problem } from '../lib/problem'
import { createStore, type Store } from '../lib/store'
import { type Effect, type Input, newSession, type Session, step } from './session'

/** What the socket tells; all of it in the order the hub sent it. */
export interface SocketEars {
  event: (frame: EventFrame) => void
  signal: (frame: Signal) => void
  /** The room has to be read again; answer with `follow`. */
  resync: (room: string) => void
  caughtUp: (room: string) => void
  forbidden: (room: string) => void
  ready: () => void
  signedOut: () => void
}

export interface SocketDeps {
  url: () => string
  ticket: () => Promise<string>
  WebSocket: typeof WebSocket
  now: () => number
  random: () => number
}

export interface Outgoing {
  room: string
  client_msg_id: string
  content: string
}

/** A change of a message that is there; answered by `done`. */
export type Change =
  | { op: 'edit'; message_id: string; content: string; version?: number }
  | { op: 'delete'; message_id: string; reason?: string }
  | { op: 'react' | 'unreact'; message_id: string; emoji: string }

type Where = { message_id: string; seq: number }
/** `ack` says where a message stands; `done` says nothing more. */
type Waiting = { resolve: (at?: Where) => void; reject: (why: unknown) => void }

export interface Socket {
  state: Pick<Store<Session>, 'get' | 'subscribe'>
  start(): void
  stop(): void
  /** The network may be back, or the page is seen again: try at once. */
  wake(): void
  tick(): void
  follow(room: string, seq: number, epoch: string): void
  unfollow(room: string): void
  /** Resolves when the message is durable; rejects with a `Problem`, `offline` when no answer came. */
  send(message: Outgoing): Promise<Where>
  /** Resolves when the change is durable; rejects with a `Problem`, `offline` when no answer came. */
  change(change: Change): Promise<void>
  /** I write in this room, or stopped. Lossy: nothing is said while offline. */
  typing(room: string, active: boolean): void
}

/** The thin shell around the session: one WebSocket for all rooms. It decides nothing. */
export function createSocket(deps: SocketDeps, ears: SocketEars): Socket {
  const state = createStore<Session>(newSession())
  const waiting = new Map<string, Waiting>()
  let ws: WebSocket | null = null
  let asked = 0

  function feed(input: Input): void {
    const stepped = step(state.get(), input)
    state.set(stepped.state)
    for (const effect of stepped.effects) perform(effect)
  }

  function fetchTicket(): void {
    deps.ticket().then(
      (ticket) => feed({ kind: 'ticket', at: deps.now(), ticket }),
      (why: unknown) => {
        const signedOut = why instanceof Problem && (why.status === 401 || why.status === 403)
        feed({ kind: 'no_ticket', at: deps.now(), signedOut, random: deps.random() })
      },
    )
  }

  function drop(): void {
    const old = ws
    ws = null
    old?.close()
  }

  function open(ticket: string): void {
    drop()
    const own = new deps.WebSocket(deps.url())
    ws = own
    own.addEventListener('open', () => own === ws && feed({ kind: 'opened', at: deps.now() }))
    own.addEventListener('message', (message) => {
      if (own !== ws) return
      const frame = JSON.parse(String(message.data)) as ServerFrame
      if (frame.op === 'hello') transmit({ op: 'auth', ticket, v: frame.v })
      feed({ kind: 'frame', at: deps.now(), frame, random: deps.random() })
    })
    own.addEventListener('close', (closing) => {
      if (own !== ws) return
      ws = null
      feed({ kind: 'closed', at: deps.now(), code: closing.code, random: deps.random() })
    })
  }

  function transmit(frame: ClientFrame): boolean {
    if (ws?.readyState !== 1) return false
    ws.send(JSON.stringify(frame))
    return true
  }

  function lost(): void {
    const unanswered = [...waiting.values()]
    waiting.clear()
    for (const { reject } of unanswered) reject(offline())
  }

  function answer(ref: string | null | undefined, done: (it: Waiting) => void): void {
    const found = ref ? waiting.get(ref) : undefined
    if (!ref || !found) return
    waiting.delete(ref)
    done(found)
  }

  /** Says a frame and waits for what answers its `ref`. */
  function ask(ref: string, frame: ClientFrame): Promise<Where | undefined> {
    return new Promise((resolve, reject) => {
      const ready = state.get().phase === 'ready'
      waiting.set(ref, { resolve, reject })
      if (ready && transmit(frame)) return
      waiting.delete(ref)
      reject(offline())
    })
  }

  function perform(effect: Effect): void {
    switch (effect.do) {
      case 'ticket':
        return fetchTicket()
      case 'open':
        return open(effect.ticket)
      case 'close':
        drop()
        return lost()
      case 'lost':
        return lost()
      case 'send':
        return void transmit(effect.frame)
      case 'event':
        return ears.event(effect.frame)
      case 'signal':
        return ears.signal(effect.frame)
      case 'snapshot':
        return ears.resync(effect.room)
      case 'caught_up':
        return ears.caughtUp(effect.room)
      case 'forbidden':
        return ears.forbidden(effect.room)
      case 'ready':
        return ears.ready()
      case 'signed_out':
        return ears.signedOut()
      case 'clock':
        return learnServerTime(effect.serverTime)
      case 'ack':
        return answer(effect.frame.ref, (it) => it.resolve(effect.frame))
      case 'done':
        return answer(effect.frame.ref, (it) => it.resolve())
      case 'refused': {
        const { code, message, retry_after_ms, ref } = effect.frame
        return answer(ref, (it) => it.reject(new Problem(code, 0, message, '', retry_after_ms ?? null)))
      }
    }
  }

  return {
    state,
    start: () => feed({ kind: 'start', at: deps.now() }),
    stop: () => feed({ kind: 'stop', at: deps.now() }),
    wake: () => feed({ kind: 'wake', at: deps.now() }),
    tick: () => feed({ kind: 'tick', at: deps.now() }),
    follow: (room, seq, epoch) => feed({ kind: 'follow', at: deps.now(), room, seq, epoch }),
    unfollow: (room) => feed({ kind: 'unfollow', at: deps.now(), room }),
    send: async (message) => (await ask(message.client_msg_id, { op: 'send', kind: 'text', metadata: {}, ...message })) as Where,
    change: async (change) => {
      const ref = `c${(asked += 1)}`
      await ask(ref, { ...change, ref })
    },
    typing: (room, active) => void (state.get().phase === 'ready' && transmit({ op: 'typing', room, active })),
  }
}
