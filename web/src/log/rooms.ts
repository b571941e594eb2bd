import type { EventFrame, MessagePage, Snapshot } from '../wire'
import { passes, Problem } from '../lib/problem'
import { createStore, type Store } from '../lib/store'
import { apply, Gap } from './fold'

/** What a room page shows. `live` turns true once everything missed has come. */
export interface RoomLog {
  snapshot: Snapshot | null
  live: boolean
  problem: Problem | null
  /** It was visible to me and is no longer; nothing of it is kept. */
  gone: boolean
  /** The first seq of the timeline has been loaded. */
  complete: boolean
  /** My read mark went back to before this seq while the room was open: it stays unread until one comes again. */
  unreadFrom: number | null
}

export interface RoomLogsDeps {
  snapshot: (room: string) => Promise<Snapshot>
  older: (room: string, beforeSeq: number) => Promise<MessagePage>
  follow: (room: string, seq: number, epoch: string) => void
  unfollow: (room: string) => void
  arrived: (clientMsgId: string) => void
  /** The room is not visible to me; answers whether the list had it. */
  hidden: (room: string) => boolean
  /** Joins bursts into one drawing; tests run it at once. */
  schedule: (run: () => void) => void
  later: (run: () => void, ms: number) => void
}

export type RoomLogs = ReturnType<typeof createRoomLogs>

type Kept = { store: Store<RoomLog>; readers: number; queue: EventFrame[]; scheduled: boolean; loading: boolean }

const EMPTY: RoomLog = { snapshot: null, live: false, problem: null, gone: false, complete: false, unreadFrom: null }
const startsAtOne = (snapshot: Snapshot) => (snapshot.messages[0]?.seq ?? 1) <= 1

/** The rooms somebody looks at, each a snapshot that follows its events. */
export function createRoomLogs(deps: RoomLogsDeps) {
  const rooms = new Map<string, Kept>()

  function keptOf(room: string): Kept {
    const found = rooms.get(room)
    if (found) return found
    const fresh: Kept = { store: createStore(EMPTY), readers: 0, queue: [], scheduled: false, loading: false }
    rooms.set(room, fresh)
    return fresh
  }

  function hide(room: string): void {
    const { store } = keptOf(room)
    const listed = deps.hidden(room)
    const { snapshot, gone } = store.get()
    deps.unfollow(room)
    store.set({ ...EMPTY, problem: new Problem('not_found', 404, 'not visible'), gone: gone || listed || snapshot !== null })
  }

  async function load(room: string): Promise<void> {
    const kept = keptOf(room)
    if (kept.loading) return
    kept.loading = true
    try {
      const snapshot = await deps.snapshot(room)
      kept.queue = []
      const { unreadFrom } = kept.store.get()
      kept.store.set({ snapshot, live: false, problem: null, gone: false, complete: startsAtOne(snapshot), unreadFrom })
      if (kept.readers > 0) deps.follow(room, snapshot.as_of_seq, snapshot.epoch)
    } catch (why) {
      const problem = why instanceof Problem ? why : new Problem('internal', 0, String(why))
      if (problem.code === 'not_found') return hide(room)
      kept.store.set({ ...kept.store.get(), problem })
      if (passes(problem) && kept.readers > 0) deps.later(() => void load(room), problem.retryAfter ?? 3000)
    } finally {
      kept.loading = false
    }
  }

  function drain(room: string, kept: Kept): void {
    kept.scheduled = false
    const { snapshot, ...rest } = kept.store.get()
    const events = kept.queue
    kept.queue = []
    if (!snapshot) return
    try {
      kept.store.set({ ...rest, snapshot: events.reduce(apply, snapshot) })
    } catch (why) {
      if (!(why instanceof Gap)) throw why
      void load(room)
    }
  }

  return {
    state: (room: string): Pick<Store<RoomLog>, 'get' | 'subscribe'> => keptOf(room).store,
    load,
    /** Follow while somebody looks; the answer stops it. */
    open(room: string): () => void {
      const kept = keptOf(room)
      kept.readers += 1
      const { snapshot } = kept.store.get()
      if (snapshot && kept.readers === 1) deps.follow(room, snapshot.as_of_seq, snapshot.epoch)
      else if (!snapshot) void load(room)
      return () => {
        kept.readers -= 1
        if (kept.readers > 0) return
        deps.unfollow(room)
        kept.store.set({ ...kept.store.get(), live: false, unreadFrom: null })
      }
    },
    event(frame: EventFrame): void {
      const kept = keptOf(frame.room)
      const message = frame.body.message as { client_msg_id?: string | null } | undefined
      if (message?.client_msg_id) deps.arrived(message.client_msg_id)
      kept.queue.push(frame)
      if (kept.scheduled) return
      kept.scheduled = true
      deps.schedule(() => drain(frame.room, kept))
    },
    caughtUp: (room: string) => {
      const kept = keptOf(room)
      deps.schedule(() => kept.store.set({ ...kept.store.get(), live: true, problem: null }))
    },
    /** My read mark moved, here or on another device of mine. One that went back holds until the room is left. */
    read(room: string, seq: number): void {
      const { store } = keptOf(room)
      const { snapshot, ...rest } = store.get()
      if (!snapshot || snapshot.last_read_seq === seq) return
      const back = seq < snapshot.last_read_seq
      store.set({ ...rest, unreadFrom: back ? seq + 1 : rest.unreadFrom, snapshot: { ...snapshot, last_read_seq: seq } })
    },
    /** What stands from this seq on stays unread while the room is open; null: it does not. */
    hold(room: string, from: number | null): void {
      const { store } = keptOf(room)
      store.set({ ...store.get(), unreadFrom: from })
    },
    forbidden: hide,
    /** The socket went away: what is shown may be old. */
    lost(): void {
      for (const { store } of rooms.values()) if (store.get().live) store.set({ ...store.get(), live: false })
    },
    /** Put the page of messages before the first one in front. */
    async older(room: string): Promise<void> {
      const first = keptOf(room).store.get().snapshot?.messages[0]
      if (!first) return
      const page = await deps.older(room, first.seq)
      const { store } = keptOf(room)
      const { snapshot, ...rest } = store.get()
      if (!snapshot || snapshot.messages[0]?.seq !== first.seq) return
      const messages = [...page.messages.filter((it) => it.seq < first.seq), ...snapshot.messages]
      store.set({ ...rest, complete: page.messages.length === 0 || page.before === null, snapshot: { ...snapshot, messages } })
    },
    /** Another person signs in: nothing of this one stays. */
    clear(): void {
      for (const room of rooms.keys()) deps.unfollow(room)
      rooms.clear()
    },
  }
}
