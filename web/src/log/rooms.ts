import type { EventFrame, Message, MessagePage, Snapshot } from '../wire'
import { passes, Problem } from '../lib/problem'
import { createStore, type Store } from '../lib/store'
import { apply, changed, Gap } from './fold'
import { type Stretch, stretchOf, withNewer, withOlder } from './stretch'

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
  /** The talk around a message that was asked for; its stretch is null when that could not be read. */
  jump: { at: number; stretch: Stretch | null } | null
}

export interface RoomLogsDeps {
  snapshot: (room: string) => Promise<Snapshot>
  older: (room: string, beforeSeq: number) => Promise<MessagePage>
  newer: (room: string, afterSeq: number) => Promise<MessagePage>
  around: (room: string, seq: number) => Promise<MessagePage>
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

interface Kept {
  store: Store<RoomLog>
  readers: number
  queue: EventFrame[]
  scheduled: boolean
  loading: boolean
  /** How often the room was read anew: pages asked for before that belong to a log whose events may be missed. */
  loads: number
  /** One list for each page under way: the events that come meanwhile. */
  hearing: Set<EventFrame[]>
  jumps: number
}

const EMPTY: RoomLog = { snapshot: null, live: false, problem: null, gone: false, complete: false, unreadFrom: null, jump: null }
const startsAtOne = (snapshot: Snapshot) => (snapshot.messages[0]?.seq ?? 1) <= 1

function folded<T extends { messages: Message[] }>(page: T, events: readonly EventFrame[], reader: string): T {
  const messages = events.reduce((all, event) => changed(all, event, reader), page.messages)
  return messages === page.messages ? page : { ...page, messages }
}

/** The rooms somebody looks at, each a snapshot that follows its events. */
export function createRoomLogs(deps: RoomLogsDeps) {
  const rooms = new Map<string, Kept>()

  function keptOf(room: string): Kept {
    const found = rooms.get(room)
    if (found) return found
    const fresh: Kept = { store: createStore(EMPTY), readers: 0, queue: [], scheduled: false, loading: false, loads: 0, hearing: new Set(), jumps: 0 }
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
      kept.loads += 1
      const { unreadFrom } = kept.store.get()
      kept.store.set({ ...EMPTY, snapshot, complete: startsAtOne(snapshot), unreadFrom })
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
    const { snapshot, jump, ...rest } = kept.store.get()
    const events = kept.queue
    kept.queue = []
    if (!snapshot) return
    try {
      kept.store.set({ ...rest, snapshot: events.reduce(apply, snapshot), jump: jump?.stretch ? { ...jump, stretch: folded(jump.stretch, events, snapshot.reader.user_id) } : jump })
    } catch (why) {
      if (!(why instanceof Gap)) throw why
      void load(room)
    }
  }

  /** A page with what happened to its messages while it was under way; null when the room was read anew meanwhile. */
  async function page(kept: Kept, read: Promise<MessagePage>): Promise<MessagePage | null> {
    const [loads, heard] = [kept.loads, [] as EventFrame[]]
    kept.hearing.add(heard)
    try {
      const answer = await read
      const { snapshot } = kept.store.get() // without one there was nothing to follow, and nothing was heard
      return kept.loads === loads ? folded(answer, heard, snapshot?.reader.user_id ?? '') : null
    } finally {
      kept.hearing.delete(heard)
    }
  }

  /** Lengthen the stretch, unless another took its place meanwhile. */
  async function lengthen(room: string, from: 'before' | 'after', read: RoomLogsDeps['older'], grown: typeof withOlder): Promise<void> {
    const kept = keptOf(room)
    const seq = kept.store.get().jump?.stretch?.[from] ?? null
    if (seq === null) return
    const more = await page(kept, read(room, seq))
    const { jump, ...rest } = kept.store.get()
    if (!more || !jump?.stretch || jump.stretch[from] !== seq) return
    kept.store.set({ ...rest, jump: { ...jump, stretch: grown(jump.stretch, more) } })
  }

  /** Read the talk around a message. Of several jumps the last counts. */
  async function jumpTo(room: string, at: number): Promise<void> {
    const kept = keptOf(room)
    const wanted = (kept.jumps += 1)
    const found = await page(kept, deps.around(room, at)).then(
      (it) => it && { at, stretch: stretchOf(it) },
      () => ({ at, stretch: null }), // the newest messages are better than none
    )
    if (kept.jumps !== wanted) return
    if (!found) return jumpTo(room, at)
    kept.store.set({ ...kept.store.get(), jump: found })
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
        kept.jumps += 1
        kept.store.set({ ...kept.store.get(), live: false, unreadFrom: null, jump: null })
      }
    },
    event(frame: EventFrame): void {
      const kept = keptOf(frame.room)
      const message = frame.body.message as { client_msg_id?: string | null } | undefined
      if (message?.client_msg_id) deps.arrived(message.client_msg_id)
      kept.queue.push(frame)
      for (const heard of kept.hearing) heard.push(frame)
      if (kept.scheduled) return
      kept.scheduled = true
      deps.schedule(() => drain(frame.room, kept))
    },
    caughtUp: (room: string) => {
      const kept = keptOf(room)
      deps.schedule(() => kept.store.set({ ...kept.store.get(), live: true, problem: null }))
    },
    /** My read mark moved, here or on another device of mine. It goes back only when marked unread, and holds until the room is left. */
    read(room: string, seq: number, unread = false): void {
      const { store } = keptOf(room)
      const { snapshot, ...rest } = store.get()
      if (!snapshot || (!unread && seq <= snapshot.last_read_seq)) return
      store.set({ ...rest, unreadFrom: unread ? seq + 1 : rest.unreadFrom, snapshot: { ...snapshot, last_read_seq: seq } })
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
      const kept = keptOf(room)
      const first = kept.store.get().snapshot?.messages[0]
      if (!first) return
      const found = await page(kept, deps.older(room, first.seq))
      const { snapshot, ...rest } = kept.store.get()
      if (!found || !snapshot || snapshot.messages[0]?.seq !== first.seq) return
      const messages = [...found.messages.filter((it) => it.seq < first.seq), ...snapshot.messages]
      kept.store.set({ ...rest, complete: found.messages.length === 0 || found.before === null, snapshot: { ...snapshot, messages } })
    },
    jump: jumpTo,
    /** Put the page before the stretch in front of it, or the page after it behind. */
    jumpOlder: (room: string) => lengthen(room, 'before', deps.older, withOlder),
    jumpNewer: (room: string) => lengthen(room, 'after', deps.newer, withNewer),
    /** Another person signs in: nothing of this one stays. */
    clear(): void {
      for (const room of rooms.keys()) deps.unfollow(room)
      rooms.clear()
    },
  }
}
