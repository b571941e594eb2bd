import type { Here, Person, Signal } from '../wire'
import { createStore, type Store } from '../lib/store'

/** Who is online in a room and who writes in it now; as far as signals tell, which are lossy. */
export interface RoomHere {
  /** Members online; null while it is not known. */
  count: number | null
  online: ReadonlySet<string>
  /** Who writes, three of `writing` at most; never me. */
  typing: readonly Person[]
  writing: number
}

export interface HereDeps {
  online: (room: string) => Promise<Here>
  typing: (room: string) => Promise<Here>
  /** Whose page this is: one's own writing is no news. */
  me: () => string | null
  later: (run: () => void, ms: number) => void
}

export const NOBODY: RoomHere = { count: null, online: new Set(), typing: [], writing: 0 }

/** Of more members online than this not all are named. */
const NAMED = 100
/** The hub says only who begins and who ends, and that word may be lost: then it is asked whether they still write. */
const DOUBT_MS = 8000
const PAUSE_MS = 1000

const ids = (people: readonly Person[]) => new Set(people.map((it) => it.id))

export function withPresence(here: RoomHere, { count = 0, came = [], left = [] }: Signal): RoomHere {
  const gone = new Set(left)
  return { ...here, count, online: new Set([...[...here.online].filter((it) => !gone.has(it)), ...came]) }
}

export function withTyping(here: RoomHere, people: readonly Person[], count: number, me: string | null): RoomHere {
  const others = people.filter((it) => it.id !== me)
  return { ...here, typing: others, writing: Math.max(others.length, count - (people.length - others.length)) }
}

/** Names and number do not fit: something was missed, or there are too many to name. */
const isTorn = ({ count, online }: RoomHere) => count !== null && count <= NAMED && count !== online.size

const NO_ANSWER: Pick<Here, 'people' | 'count'> = { people: [], count: 0 }

type Kept = { room: string; store: Store<RoomHere>; readers: number; heard: number; asking: boolean }

/** Presence and typing of the rooms somebody looks at. */
export function createHere(deps: HereDeps) {
  const rooms = new Map<string, Kept>()

  function keptOf(room: string): Kept {
    const found = rooms.get(room)
    if (found) return found
    const fresh: Kept = { room, store: createStore(NOBODY), readers: 0, heard: 0, asking: false }
    rooms.set(room, fresh)
    return fresh
  }

  function write(kept: Kept, people: readonly Person[], count: number): void {
    const heard = (kept.heard += 1)
    kept.store.set(withTyping(kept.store.get(), people, count, deps.me()))
    if (people.length > 0) deps.later(() => void (kept.heard === heard && doubt(kept)), DOUBT_MS)
  }

  /** No answer says that nobody writes. */
  async function doubt(kept: Kept): Promise<void> {
    const { heard } = kept
    const { people, count } = kept.readers === 0 ? NO_ANSWER : await deps.typing(kept.room).catch(() => NO_ANSWER)
    if (kept.heard === heard) write(kept, people, count)
  }

  /** What was missed is asked for; when no answer comes the next signal or connection asks again. */
  async function ask(room: string): Promise<void> {
    const kept = keptOf(room)
    if (kept.asking || kept.readers === 0) return
    kept.asking = true
    const { heard } = kept
    try {
      const [online, typing] = await Promise.all([deps.online(room), deps.typing(room)])
      kept.store.set({ ...kept.store.get(), count: online.count, online: ids(online.people) })
      if (kept.heard === heard) write(kept, typing.people, typing.count)
    } catch {
      // Who is online is never worth a word of its own.
    } finally {
      kept.asking = false
    }
  }

  return {
    state: (room: string): Pick<Store<RoomHere>, 'get' | 'subscribe'> => keptOf(room).store,
    /** Ask who is here and keep it up to date; the answer stops it. */
    open(room: string): () => void {
      const kept = keptOf(room)
      kept.readers += 1
      void ask(room)
      return () => {
        kept.readers -= 1
        if (kept.readers === 0) kept.store.set(NOBODY)
      }
    },
    signal(frame: Signal): void {
      const kept = frame.room ? rooms.get(frame.room) : undefined
      if (!frame.room || !kept || kept.readers === 0) return
      if (frame.kind === 'typing') return write(kept, frame.people ?? [], frame.count ?? 0)
      if (frame.kind !== 'presence') return
      const { room } = frame
      const next = withPresence(kept.store.get(), frame)
      kept.store.set(next)
      if (isTorn(next)) deps.later(() => void (isTorn(kept.store.get()) && ask(room)), PAUSE_MS)
    },
    /** Connected again: signals were missed. */
    ready(): void {
      for (const room of rooms.keys()) void ask(room)
    },
    /** Not connected: nobody is known to be here. */
    lost(): void {
      for (const { store } of rooms.values()) store.set(NOBODY)
    },
    clear: () => rooms.clear(),
  }
}

export type HereStore = ReturnType<typeof createHere>
