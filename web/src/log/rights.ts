import { type Act, RANK, RIGHTS } from '../wire/rights'
import type { Member, Reader, Room, Snapshot } from '../wire'

/** How somebody stands to a room they may read; `hub.wire.rights.Standing`. `my_line`: they look after its line. */
export interface Standing {
  hub_role: Reader['role']
  kind: Reader['kind']
  room_role: Member['role'] | null
  my_line: boolean
  visibility: Room['visibility']
  status: Room['status']
  archived: boolean
}

/** The room role one acts in: a viewer of the hub only looks, and who may come by themselves acts as a responder. */
export function roleOf({ kind, hub_role, room_role, visibility, my_line }: Standing): Member['role'] | null {
  if (kind === 'machine') return null
  if (hub_role === 'viewer') return room_role ? 'viewer' : null
  if (room_role) return room_role
  return visibility === 'plant' || (visibility === 'line' && my_line) ? 'responder' : null
}

function entitled(who: Standing, act: Act): boolean {
  const { roles, site, member, person } = RIGHTS[act]
  if (who.kind === 'machine' || (person && who.kind !== 'person')) return false
  if (member !== null && member !== (who.room_role !== null)) return false
  const role = roleOf(who)
  return (role !== null && roles.includes(role)) || (site !== null && RANK[who.hub_role] >= RANK[site])
}

function timely(who: Standing, act: Act): boolean {
  const { when, archived } = RIGHTS[act]
  return when.includes(who.status) && (archived === who.archived || act === 'leave')
}

/** What one may do now, in the table's order. */
export const actsOf = (who: Standing): Act[] => (Object.keys(RIGHTS) as Act[]).filter((act) => entitled(who, act) && timely(who, act))

/** What the reader of a snapshot may do; nothing while it is not known who reads (a page kept by an older release). */
export function canIn({ room, members, reader }: Pick<Snapshot, 'room' | 'members' | 'reader'>): Act[] {
  if (!reader) return []
  const lines = reader.lines ?? null
  return actsOf({
    hub_role: reader.role,
    kind: reader.kind,
    room_role: members.find((it) => it.user.id === reader.user_id)?.role ?? null,
    my_line: room.line === null || lines === null || lines.includes(room.line) || RANK[reader.role] >= RANK.lead,
    visibility: room.visibility,
    status: room.status,
    archived: Boolean(room.archived_at),
  })
}
