import type { Broadcast, Signal } from '../wire'
import { createStore, type Store } from '../lib/store'
import { rankOf } from './lobby'

export interface BroadcastsDeps {
  list: () => Promise<Broadcast[]>
  seen: (id: string) => Promise<unknown>
}

/** What still has to be seen at `now` (ms): worst first, then the newest. Pure. */
export function openBroadcasts(all: readonly Broadcast[], now: number): Broadcast[] {
  return all
    .filter((it) => !it.seen_at && Date.parse(it.expires_at) > now)
    .sort((a, b) => rankOf(a.severity) - rankOf(b.severity) || Date.parse(b.created_at) - Date.parse(a.created_at))
}

/** One that I saw on this page stays seen, whatever an older answer says. */
function merged(known: readonly Broadcast[], fresh: readonly Broadcast[]): Broadcast[] {
  const seen = new Map(known.map((it) => [it.id, it.seen_at]))
  return fresh.map((it) => ({ ...it, seen_at: it.seen_at ?? seen.get(it.id) ?? null }))
}

/** Words to everybody, a line, a room or me: asked for on every connection, live by signal. */
export function createBroadcasts(deps: BroadcastsDeps) {
  const store: Store<readonly Broadcast[]> = createStore<readonly Broadcast[]>([])
  const put = (one: Broadcast) => store.set([...store.get().filter((it) => it.id !== one.id), ...merged(store.get(), [one])])

  return {
    state: store as Pick<Store<readonly Broadcast[]>, 'get' | 'subscribe'>,
    async refresh(): Promise<void> {
      const list = await deps.list().catch(() => null) // The next connection asks again.
      if (list) store.set(merged(store.get(), list))
    },
    signal(frame: Signal): void {
      if (frame.kind === 'broadcast' && frame.broadcast) put(frame.broadcast)
    },
    /** Gone at once; comes back when the hub could not be told. */
    async seen(id: string, at: string): Promise<void> {
      const before = store.get().find((it) => it.id === id)
      if (!before) return
      put({ ...before, seen_at: at })
      try {
        await deps.seen(id)
      } catch (why) {
        store.set(store.get().map((it) => (it.id === id ? before : it)))
        throw why
      }
    },
    clear: () => store.set([]),
  }
}

export type Broadcasts = ReturnType<typeof createBroadcasts>
