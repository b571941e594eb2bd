import { describe, expect, it } from 'vitest'
import { event, LIN, ROOM } from '../test/samples'
import type { EventFrame, ServerFrame } from '../wire'
import { afterClose, backoff } from './reconnect'
import { type Effect, type Input, newSession, type Session, step } from './session'

/** Feeds inputs one after the other; answers the state and every effect of the last one. */
function play(inputs: Input[], from: Session = newSession()) {
  let state = from
  let effects: Effect[] = []
  for (const input of inputs) ({ state, effects } = step(state, input))
  return { state, effects }
}

const T = 1_000_000
const frame = (it: ServerFrame, at = T): Input => ({ kind: 'frame', at, frame: it, random: 0.5 })
const hello: ServerFrame = { op: 'hello', v: 1, epoch: 'e1', heartbeat_ms: 25_000, limits: {}, server_time: '2026-11-22T03:07:12Z' }
const READY: Input[] = [
  { kind: 'start', at: T },
  { kind: 'ticket', at: T, ticket: 't-1' },
  { kind: 'opened', at: T },
  frame(hello),
  frame({ op: 'ready', user: LIN }),
]
const follow = (seq: number): Input => ({ kind: 'follow', at: T, room: ROOM, seq, epoch: 'e1' })
const eventFrame = (seq: number): EventFrame => ({ op: 'event', ...event(seq, 'MessagePosted') })
const closed = (code: number): Input => ({ kind: 'closed', at: T, code, random: 0.5 })
const names = (effects: Effect[]) => effects.map((it) => it.do)
const subscribed = (effects: Effect[]) => effects.flatMap((it) => (it.do === 'send' && it.frame.op === 'subscribe' ? [it.frame.after_seq] : []))

describe('connecting', () => {
  it('asks for a ticket, opens with it, and is ready when the hub says so', () => {
    expect(play(READY.slice(0, 1)).effects).toEqual([{ do: 'ticket' }])
    expect(play(READY.slice(0, 2)).effects).toEqual([{ do: 'open', ticket: 't-1' }])
    const { state } = play(READY)
    expect(state).toMatchObject({ phase: 'ready', downSince: null, attempt: 0 })
  })

  it('follows rooms asked for before it was ready', () => {
    const { effects } = play([follow(7), ...READY])
    expect(subscribed(effects)).toEqual([7])
  })

  it('gives up for a sign-in when no ticket can be had, and tries again when the hub is only away', () => {
    const start: Input = { kind: 'start', at: T }
    const gone = play([start, { kind: 'no_ticket', at: T, signedOut: true, random: 0 }])
    expect(gone.state.stop).toEqual({ why: 'signin', code: 0 })
    expect(names(gone.effects)).toContain('signed_out')
    expect(play([start, { kind: 'no_ticket', at: T, signedOut: false, random: 0.5 }]).state).toMatchObject({ phase: 'waiting', retryAt: T + 500 })
  })
})

describe('following', () => {
  it('hands events on in order and drops what it has seen', () => {
    const live = play([...READY, follow(4), frame(eventFrame(5))])
    expect(names(live.effects)).toEqual(['event'])
    expect(play([frame(eventFrame(5))], live.state).effects).toEqual([])
    expect(live.state.rooms[ROOM]?.seq).toBe(5)
  })

  it('a gap, or the hub’s own word, leads to a snapshot, and from it on', () => {
    const gap = play([...READY, follow(4), frame(eventFrame(6))])
    expect(gap.effects).toEqual([{ do: 'snapshot', room: ROOM }])
    expect(play([frame(eventFrame(7))], gap.state).effects).toEqual([])
    expect(subscribed(play([follow(7)], gap.state).effects)).toEqual([7])
    expect(play([...READY, follow(4), frame({ op: 'resync_required', room: ROOM })]).effects).toEqual([{ do: 'snapshot', room: ROOM }])
  })

  it('tells when it has caught up, and lets go of a room it may not see', () => {
    expect(play([...READY, follow(4), frame({ op: 'caught_up', room: ROOM, seq: 4 })]).state.rooms[ROOM]?.state).toBe('live')
    const refused = play([...READY, follow(4), frame({ op: 'error', code: 'not_found', message: '', room: ROOM })])
    expect(refused.effects).toEqual([{ do: 'forbidden', room: ROOM }])
    expect(refused.state.rooms).toEqual({})
  })

  it('a refused message is not a refused room', () => {
    const { effects, state } = play([...READY, follow(4), frame({ op: 'error', code: 'forbidden', message: '', room: ROOM, ref: 'c-1' })])
    expect(names(effects)).toEqual(['refused'])
    expect(state.rooms[ROOM]).toBeDefined()
  })

  it('unsubscribes what nobody looks at', () => {
    const { effects, state } = play([...READY, follow(4), { kind: 'unfollow', at: T, room: ROOM }])
    expect(effects).toEqual([{ do: 'send', frame: { op: 'unsubscribe', room: ROOM } }])
    expect(state.rooms).toEqual({})
  })
})

describe('losing the connection', () => {
  const lost = play([...READY, follow(4), frame(eventFrame(5)), closed(1006)])

  it('waits with jitter, remembers since when, and resumes after the last event it has seen', () => {
    expect(lost.state).toMatchObject({ phase: 'waiting', attempt: 1, retryAt: T + 500, downSince: T })
    const early = play([{ kind: 'tick', at: T + 499 }], lost.state)
    expect(early.effects).toEqual([])
    const again = play([{ kind: 'tick', at: T + 500 }, { kind: 'ticket', at: T + 510, ticket: 't-2' }, frame(hello), frame({ op: 'ready', user: LIN })], lost.state)
    expect(subscribed(again.effects)).toEqual([5])
    expect(again.state.downSince).toBeNull()
  })

  it('tries at once when the network or the eyes come back', () => {
    expect(play([{ kind: 'wake', at: T + 1 }], lost.state).effects).toEqual([{ do: 'ticket' }])
  })

  it('backs off 1, 2, 4 … 30 s', () => {
    expect([0, 1, 2, 3, 4, 5, 9].map((n) => backoff(n, 1))).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
    expect(backoff(3, 0)).toBe(0)
  })

  it('comes back when the hub drains, as late as it was told', () => {
    const { state, effects } = play([...READY, frame({ op: 'reconnect', after_ms: 4000 })])
    expect(names(effects)).toEqual(['close', 'lost'])
    expect(state.retryAt).toBe(T + 4250)
  })
})

describe('close codes', () => {
  it.each([
    [1000, 'resume'], [1001, 'resume'], [1006, 'resume'], [1011, 'resume'], [1012, 'resume'], [1013, 'resume'],
    [4001, 'resume'], [4004, 'resume'], [4008, 'resume'], [4011, 'resume'], [4007, 'resync'],
  ])('%i → %s', (code, action) => expect(afterClose(code)).toBe(action))

  it.each([
    [4009, 'signin'], [4010, 'other_tab'], [4012, 'reload'],
    [1002, 'refused'], [1003, 'refused'], [1007, 'refused'], [1009, 'refused'], [4002, 'refused'], [4003, 'refused'], [4005, 'refused'],
  ])('%i stops: %s', (code, why) => {
    const { state, effects } = play([...READY, closed(code)])
    expect(state).toMatchObject({ phase: 'stopped', stop: { why, code } })
    expect(names(effects).includes('signed_out')).toBe(why === 'signin')
    expect(play([{ kind: 'tick', at: T + 100_000 }], state).effects).toEqual([])
  })

  it('4007 fetches every room anew', () => {
    const { effects, state } = play([...READY, follow(4), closed(4007)])
    expect(effects).toContainEqual({ do: 'snapshot', room: ROOM })
    expect(state.rooms[ROOM]?.state).toBe('resync')
  })

  it('4008 waits longer than a lost connection', () => {
    expect(play([...READY, closed(4008)]).state.retryAt).toBeGreaterThanOrEqual(T + 5000)
  })
})

describe('the heartbeat', () => {
  const { state } = play(READY)

  it('beats every 25 s', () => {
    expect(play([{ kind: 'tick', at: T + 24_999 }], state).effects).toEqual([])
    expect(play([{ kind: 'tick', at: T + 25_000 }], state).effects).toEqual([{ do: 'send', frame: { op: 'hb' } }])
  })

  it('takes silence of 60 s for death', () => {
    const dead = play([{ kind: 'tick', at: T + 60_000 }], state)
    expect(names(dead.effects)).toEqual(['close', 'lost'])
    expect(dead.state.phase).toBe('waiting')
    const alive = play([frame({ op: 'hb', server_time: '2026-11-22T03:08:00Z' }, T + 50_000), { kind: 'tick', at: T + 60_000 }], state)
    expect(alive.state.phase).toBe('ready')
  })
})
