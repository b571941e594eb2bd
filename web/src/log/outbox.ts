import { v4 as uuid } from 'uuid'
import { passes, Problem } from '../lib/problem'
import { createStore, type Store } from '../lib/store'
import type { OutboxShelf } from './shelf'

/** A message on its way. `order` sorts within a room; times are ms of the hub's clock as this device knew it. */
export interface Pending {
  id: string
  user: string
  room: string
  content: string
  at: number
  order: number
  state: 'queued' | 'sending' | 'sent' | 'failed'
  reason?: string
  /** Where it stands once it is durable. */
  seq?: number
}

export interface OutboxState {
  entries: readonly Pending[]
  /** Waiting messages older than ten minutes; nothing goes out before the person answered. */
  asking: { count: number; oldest: number } | null
}

export interface OutboxDeps {
  shelf: OutboxShelf
  /** Posts one message; rejects with a `Problem`. */
  post: (entry: Pending) => Promise<{ seq: number }>
  now: () => number
  later: (run: () => void, ms: number) => void
}

export type Outbox = ReturnType<typeof createOutbox>

export const OLD_MS = 10 * 60_000
const PAUSE_MS = 2000

const byOrder = (a: Pending, b: Pending) => a.order - b.order
const isOld = (entry: Pending, now: number, agreed: number) => now - entry.at > OLD_MS && entry.order > agreed

/** The heads that may go out now: one per room, oldest first, none behind one on its way. Pure. */
export function nextToSend(entries: readonly Pending[]): Pending[] {
  const heads = new Map<string, Pending>()
  for (const entry of [...entries].sort(byOrder)) {
    const unfinished = entry.state === 'queued' || entry.state === 'sending'
    if (unfinished && !heads.has(entry.room)) heads.set(entry.room, entry)
  }
  return [...heads.values()].filter((it) => it.state === 'queued')
}

/** Messages written here, in strict order per room, kept over reloads until they are durable at the hub. */
export function createOutbox(deps: OutboxDeps) {
  const store: Store<OutboxState> = createStore<OutboxState>({ entries: [], asking: null })
  let user: string | null = null
  let online = false
  let agreedOrder = 0
  let lastOrder = 0

  const entries = () => store.get().entries
  const find = (id: string) => entries().find((it) => it.id === id)

  function show(next: readonly Pending[]): void {
    const old = next.filter((it) => it.state === 'queued' && isOld(it, deps.now(), agreedOrder))
    const asking = old.length ? { count: old.length, oldest: Math.min(...old.map((it) => it.at)) } : null
    store.set({ entries: next, asking })
  }

  function put(entry: Pending): void {
    show([...entries().filter((it) => it.id !== entry.id), entry].sort(byOrder))
    const kept = entry.state === 'sending' ? { ...entry, state: 'queued' as const } : entry
    void (entry.state === 'sent' ? deps.shelf.remove(entry.id) : deps.shelf.put(kept))
  }

  function remove(id: string): void {
    show(entries().filter((it) => it.id !== id))
    void deps.shelf.remove(id)
  }

  function refuse(entry: Pending, problem: unknown): void {
    const current = find(entry.id)
    if (!current || current.state !== 'sending') return
    if (!passes(problem)) return put({ ...current, state: 'failed', reason: problem instanceof Problem ? problem.code : 'internal' })
    put({ ...current, state: 'queued' })
    const wait = problem instanceof Problem ? problem.retryAfter : null
    deps.later(flush, wait ?? PAUSE_MS)
  }

  function send(entry: Pending): void {
    put({ ...entry, state: 'sending', reason: undefined })
    deps.post(entry).then(
      ({ seq }) => {
        if (find(entry.id)) put({ ...entry, state: 'sent', seq })
        flush()
      },
      (problem: unknown) => {
        refuse(entry, problem)
        if (!passes(problem)) flush()
      },
    )
  }

  /** Sends what may go: nothing while offline or while old messages wait for an answer. */
  function flush(): void {
    show(entries())
    if (!online || store.get().asking) return
    for (const entry of nextToSend(entries())) send(entry)
  }

  const nextOrder = () => (lastOrder = Math.max(lastOrder + 1, deps.now()))

  return {
    state: store as Pick<Store<OutboxState>, 'get' | 'subscribe'>,
    flush,
    /** Take up what this person left on this device; another person's messages stay where they are. */
    async open(owner: string): Promise<void> {
      user = owner
      const kept = (await deps.shelf.all()).filter((it) => it.user === owner)
      const known = new Set(entries().map((it) => it.id))
      lastOrder = Math.max(lastOrder, ...kept.map((it) => it.order), 0)
      show([...entries(), ...kept.filter((it) => !known.has(it.id))].sort(byOrder))
      flush()
    },
    close(): void {
      user = null
      online = false
      store.set({ entries: [], asking: null })
    },
    setOnline(next: boolean): void {
      online = next
      if (next) flush()
    },
    add(room: string, content: string): Pending | null {
      if (user === null) return null
      const entry: Pending = { id: uuid(), user, room, content, at: deps.now(), order: nextOrder(), state: 'queued' }
      put(entry)
      flush()
      return entry
    },
    retry(id: string): void {
      const entry = find(id)
      if (entry?.state !== 'failed') return
      put({ ...entry, state: 'queued', reason: undefined, at: deps.now(), order: nextOrder() })
      flush()
    },
    remove,
    /** The hub shows the message: whatever we believed about it, it has arrived. */
    arrived: (id: string) => (find(id) ? remove(id) : undefined),
    /** The answer to “send what is old?”: yes sends all of it, no keeps it as not sent. */
    answer(yes: boolean): void {
      const old = entries().filter((it) => it.state === 'queued' && isOld(it, deps.now(), agreedOrder))
      if (yes) agreedOrder = Math.max(agreedOrder, ...old.map((it) => it.order))
      else for (const entry of old) put({ ...entry, state: 'failed', reason: 'stale' })
      flush()
    },
  }
}
