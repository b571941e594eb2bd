import type { QueryClient } from '@tanstack/react-query'
import type { Api, Query } from '../lib/api'
import { dropMissing, dropRoom, emptyLobby, type Left, type Lobby, mergePage, mergeRead, mergeSignal } from '../log/lobby'
import type { RoomPage, RoomRow, Signal, Status } from '../wire'

export const LOBBY = ['lobby'] as const
const JOIN_MS = 300
/** How often the whole list is read: only so does it show which rooms are no longer visible to me. */
export const WHOLE_MS = 120_000

const PAGE = '200'
const PRESENT: Status[] = ['open', 'acknowledged', 'on_site', 'restored', 'monitoring']
const ENDED: Status[] = ['closed', 'merged', 'false_alarm']

async function allPresent(api: Pick<Api, 'rooms'>): Promise<RoomPage[]> {
  const pages: RoomPage[] = []
  let next: string | null = null
  do {
    const cursor: Query = next === null ? {} : { cursor: next }
    const page: RoomPage = await api.rooms({ ...cursor, limit: PAGE, status: PRESENT })
    pages.push(page)
    next = page.next ?? null
  } while (next !== null)
  return pages
}

/**
 * The whole list the first time and now and then, else what moved since. The cursor is that of the oldest answer, so nothing
 * falls between two pages; signals that came meanwhile win over older rows.
 */
export async function readLobby(api: Pick<Api, 'rooms'>, known: () => Lobby, whole = false): Promise<Lobby> {
  const before = known()
  const since = whole ? null : before.changed
  const pages =
    since === null
      ? [...(await allPresent(api)), await api.rooms({ limit: PAGE, status: ENDED })]
      : [await api.rooms({ changed_after: since })]
  const merged = { ...pages.reduce(mergePage, known()), changed: pages[0]?.changed ?? since }
  return since === null ? dropMissing(merged, before, pages) : merged
}

/** Keeps the room list in the query cache up to date from signals and read marks. */
export function createLobby(queries: QueryClient, later: (run: () => void, ms: number) => void, now = Date.now, rowOf?: Api['room']) {
  let waiting = false
  let wholeAt = now()
  const known = () => queries.getQueryData<Lobby>(LOBBY) ?? emptyLobby
  const refresh = () => void queries.invalidateQueries({ queryKey: LOBBY })

  /** Signals come in bursts; what is mine in the rows is asked for once. */
  function refreshSoon(): void {
    if (waiting) return
    waiting = true
    later(() => {
      waiting = false
      refresh()
    }, JOIN_MS)
  }

  function put(row: RoomRow): void {
    const before = queries.getQueryData<Lobby>(LOBBY)
    if (before) queries.setQueryData(LOBBY, mergePage(before, { rooms: [row], changed: before.changed ?? '' }))
  }

  /** A read mark moves no room: what is left in it stands in no page of changes. */
  const ask = (room: string) => void rowOf?.(room).then(put, () => undefined)

  return {
    known,
    refresh,
    async list(api: Pick<Api, 'rooms'>): Promise<Lobby> {
      const at = now()
      const lobby = await readLobby(api, known, at - wholeAt >= WHOLE_MS)
      if (at - wholeAt >= WHOLE_MS) wholeAt = at
      return lobby
    },
    /** No longer visible to me; answers whether it was listed. */
    drop(room: string): boolean {
      const before = queries.getQueryData<Lobby>(LOBBY)
      if (!before?.rows[room]) return false
      queries.setQueryData(LOBBY, dropRoom(before, room))
      return true
    },
    signal(frame: Signal): void {
      const before = queries.getQueryData<Lobby>(LOBBY)
      if (!before) return refreshSoon()
      if (frame.kind === 'lobby') {
        queries.setQueryData(LOBBY, mergeSignal(before, frame.rooms ?? []))
        refreshSoon()
      } else if (frame.kind === 'read' && frame.room) {
        const { room, last_read_seq, unread } = frame
        const next = mergeRead(before, room, last_read_seq ?? 0, null, unread)
        if (next === before) return
        queries.setQueryData(LOBBY, next)
        const row = next.rows[room]
        if (row && row.last_read_seq < row.room.last_seq) ask(room)
      }
    },
    row: put,
    read(room: string, seq: number, left: Left, unread = false): void {
      const before = queries.getQueryData<Lobby>(LOBBY)
      if (before) queries.setQueryData(LOBBY, mergeRead(before, room, seq, left, unread))
    },
  }
}
