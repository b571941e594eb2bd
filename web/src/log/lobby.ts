import type { LobbyRoom, Room, RoomPage, RoomRow, Severity } from '../wire'

/** The room list and the cursor up to which it is known. */
export interface Lobby {
  rows: Readonly<Record<string, RoomRow>>
  changed: string | null
}

export const emptyLobby: Lobby = { rows: {}, changed: null }

/** A signal moves rows at once; what is mine in them (unread) follows by REST. A row never goes back. */
export function mergeSignal(lobby: Lobby, rooms: readonly LobbyRoom[]): Lobby {
  const rows = { ...lobby.rows }
  for (const { room, members } of rooms) {
    const known = rows[room.id]
    if (known && known.room.last_seq > room.last_seq) continue
    const fresh = { last_message: null, unread: 0, mentions: 0, last_read_seq: 0, am_member: false }
    rows[room.id] = { ...(known ?? fresh), room, members }
  }
  return { ...lobby, rows }
}

/** A page of `GET /api/rooms`; rows of rooms not on it stay. */
export function mergePage(lobby: Lobby, page: RoomPage): Lobby {
  const rows = { ...lobby.rows }
  for (const row of page.rooms) {
    const known = rows[row.room.id]
    const newer = known && known.room.last_seq > row.room.last_seq ? known.room : row.room
    rows[row.room.id] = { ...row, room: newer }
  }
  return { rows, changed: page.changed }
}

/** A room that is no longer visible to me. */
export function dropRoom(lobby: Lobby, roomId: string): Lobby {
  if (!lobby.rows[roomId]) return lobby
  const { [roomId]: _gone, ...rows } = lobby.rows
  return { ...lobby, rows }
}

/** After reading the whole list: what it lacks is no longer visible, unless a signal moved it meanwhile. */
export function dropMissing(lobby: Lobby, before: Lobby, pages: readonly RoomPage[]): Lobby {
  const listed = new Set(pages.flatMap((page) => page.rooms.map((row) => row.room.id)))
  const missing = Object.values(before.rows).filter(({ room }) => !listed.has(room.id) && lobby.rows[room.id]?.room.last_seq === room.last_seq)
  return missing.reduce((rest, { room }) => dropRoom(rest, room.id), lobby)
}

/** What is left to read after my mark moved; null when it has to be asked for. */
export interface Left {
  unread: number
  mentions: number
}

/** My read mark moved, here or on another device of mine. It goes back only when marked unread; a late answer changes nothing. */
export function mergeRead(lobby: Lobby, roomId: string, lastReadSeq: number, left: Left | null, unread = false): Lobby {
  const row = lobby.rows[roomId]
  if (!row || (!unread && lastReadSeq < row.last_read_seq)) return lobby
  const nothing = lastReadSeq >= row.room.last_seq ? { unread: 0, mentions: 0 } : null
  return { ...lobby, rows: { ...lobby.rows, [roomId]: { ...row, last_read_seq: lastReadSeq, ...(left ?? nothing) } } }
}

const RANK: Record<Severity, number> = { critical: 1, high: 2, medium: 3, low: 4, diagnostic: 5 }
const LIVE = ['open', 'acknowledged', 'on_site']
const WATCH = ['restored', 'monitoring']

export const rankOf = (severity: Severity): 1 | 2 | 3 | 4 | 5 => RANK[severity] as 1 | 2 | 3 | 4 | 5
export const startOf = (room: Room): number => Date.parse(room.first_raised_at ?? room.opened_at)
export const isLive = (room: Room) => LIVE.includes(room.status)
export const isWatched = (room: Room) => WATCH.includes(room.status)
export const nobodyHasIt = (room: Room) => room.status === 'open' && room.owner === null

/** Worst first; of the same severity what nobody has, then the oldest. */
function byUrgency(a: RoomRow, b: RoomRow): number {
  return (
    rankOf(a.room.severity) - rankOf(b.room.severity) ||
    Number(nobodyHasIt(b.room)) - Number(nobodyHasIt(a.room)) ||
    startOf(a.room) - startOf(b.room) ||
    a.room.code.localeCompare(b.room.code)
  )
}

const latest = (of: (room: Room) => string | null) => (a: RoomRow, b: RoomRow) =>
  Date.parse(of(b.room) ?? b.room.opened_at) - Date.parse(of(a.room) ?? a.room.opened_at)

export interface Sections {
  live: RoomRow[]
  watch: RoomRow[]
  closed: RoomRow[]
}

/** The three parts of Now; `isToday` decides what closed today. */
export function sectionsOf(lobby: Lobby, isToday: (iso: string) => boolean): Sections {
  const rows = Object.values(lobby.rows)
  const closed = rows.filter(({ room }) => room.closed_at !== null && !isLive(room) && !isWatched(room) && isToday(room.closed_at))
  return {
    live: rows.filter((it) => isLive(it.room)).sort(byUrgency),
    watch: rows.filter((it) => isWatched(it.room)).sort(latest((room) => room.restored_at)),
    closed: closed.sort(latest((room) => room.closed_at)),
  }
}

/** The lit segment of the stack light: the worst severity still open, or null. */
export function worstOpen(lobby: Lobby): 1 | 2 | 3 | 4 | 5 | null {
  const ranks = Object.values(lobby.rows)
    .filter((it) => isLive(it.room))
    .map((it) => rankOf(it.room.severity))
  return ranks.length ? (Math.min(...ranks) as 1 | 2 | 3 | 4 | 5) : null
}
