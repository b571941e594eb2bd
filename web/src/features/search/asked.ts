import { keep } from '../../lib/keep'
import type { MessageType, SearchHit, SearchPart } from '../../wire'

/** What a search page is asked for; it stands in the page's address. Days are days of this device. */
export interface Asked {
  q?: string
  room?: string
  from?: string
  machine?: string
  code?: string
  kind?: MessageType
  after?: string
  before?: string
}

export const KINDS = ['text', 'incident_data', 'image_ref', 'file_ref', 'system'] as const satisfies readonly MessageType[]
const NAMES = ['q', 'room', 'from', 'machine', 'code', 'after', 'before'] as const
const DAY = /^\d{4}-\d\d-\d\d$/

/** An address may hold anything; `1042` comes as a number. */
export function readAsked(address: Record<string, unknown>): Asked {
  const asked: Asked = {}
  for (const name of NAMES) {
    const value = address[name]
    if (typeof value === 'string' || typeof value === 'number') asked[name] = String(value)
  }
  for (const name of ['after', 'before'] as const) if (!DAY.test(asked[name] ?? '')) delete asked[name]
  const kind = KINDS.find((it) => it === address.kind)
  return clean(kind ? { ...asked, kind } : asked)
}

/** Without what says nothing, so that the same search has one address. */
export function clean(asked: Asked): Asked {
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined && value !== ''))
}

/** Midnight of a day here, as the hub takes it; `later` days on. */
function midnight(day: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + later).toISOString()
}

/** As the hub is asked; the last day is in it. */
export function queryOf(asked: Asked, cursor: string | null): Record<string, string> {
  const { q = '', room, after, before, ...rest } = asked
  const query: Record<string, string> = { q, ...(clean(rest) as Record<string, string>) }
  if (room) query.room_id = room
  if (after) query.after = midnight(after, 0)
  if (before) query.before = midnight(before, 1)
  if (cursor) query.cursor = cursor
  return query
}

/** How many filters narrow the search, besides its room. */
export const narrowings = ({ q: _q, room: _room, ...rest }: Asked) => Object.keys(rest).length

export interface Group {
  room: SearchHit['room']
  hits: SearchHit[]
}

/** Hits by room: the room with the newest hit first, in each the newest first. */
export function grouped(hits: readonly SearchHit[]): Group[] {
  const groups = new Map<string, Group>()
  for (const hit of hits) {
    const group = groups.get(hit.room.id) ?? { room: hit.room, hits: [] }
    group.hits.push(hit)
    groups.set(hit.room.id, group)
  }
  return [...groups.values()]
}

export const plain = (parts: readonly SearchPart[]) => parts.map((it) => it.text).join('')

const MOST = 8

/** What this person looked for on this device, the last first. */
export function recentOf(user: string): string[] {
  try {
    const found: unknown = JSON.parse(keep.get(`searched.${user}`) || '[]')
    return Array.isArray(found) ? found.filter((it) => typeof it === 'string').slice(0, MOST) : []
  } catch {
    return []
  }
}

export function remember(user: string, q: string): void {
  keep.set(`searched.${user}`, JSON.stringify([q, ...recentOf(user).filter((it) => it !== q)].slice(0, MOST)))
}

export const forget = (user: string) => keep.set(`searched.${user}`, '')
