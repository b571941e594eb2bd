import { canIn } from './rights'
import type { ChecklistItem, EventMessage, IncidentData, LinkedRoom, Member, Message, Person, Reaction, Room, RoomEvent, Severity, Snapshot, Status } from '../wire'

/** An event did not follow the snapshot: the room has to be read again. */
export class Gap extends Error {}

type Body = Record<string, unknown>
type Step = (state: Snapshot, event: RoomEvent) => Snapshot
type Clock = 'acknowledged_at' | 'on_site_at' | 'restored_at' | 'monitoring_at' | 'closed_at'

const CLOCK_OF: Record<Status, Clock | null> = {
  open: null,
  acknowledged: 'acknowledged_at',
  on_site: 'on_site_at',
  restored: 'restored_at',
  monitoring: 'monitoring_at',
  closed: 'closed_at',
  merged: 'closed_at',
  false_alarm: 'closed_at',
}
const CLOCKS: Clock[] = ['acknowledged_at', 'on_site_at', 'restored_at', 'monitoring_at', 'closed_at']

/** The clocks after a change of status: its own is set, those of later stages are forgotten. */
function clocksAfter(to: Status, at: string): Partial<Room> {
  const own = CLOCK_OF[to]
  const later = CLOCKS.slice(own === null ? 0 : CLOCKS.indexOf(own) + 1)
  const forgotten: Partial<Record<Clock, null>> = Object.fromEntries(later.map((clock) => [clock, null]))
  return own === null ? forgotten : { ...forgotten, [own]: at }
}

const ENDED: Status[] = ['closed', 'merged', 'false_alarm']

const withRoom = (state: Snapshot, change: Partial<Room>): Snapshot => ({ ...state, room: { ...state.room, ...change } })
const members = (state: Snapshot, change: (all: Member[]) => Member[]): Snapshot => ({ ...state, members: change(state.members) })

function alarms(state: Snapshot, body: Body): Snapshot {
  const count = body.active_alarms
  return typeof count === 'number' ? withRoom(state, { active_alarms: count }) : state
}

function statusChanged(state: Snapshot, { body, at }: RoomEvent): Snapshot {
  const to = body.to_status as Status
  const again = to === 'open' && ENDED.includes(body.from_status as Status)
  return withRoom(state, { status: to, ...clocksAfter(to, at), ...(again ? { reopened: (state.room.reopened ?? 0) + 1 } : {}) })
}

function roomChanged(state: Snapshot, { body }: RoomEvent): Snapshot {
  const change: Partial<Room> = {}
  if (body.title !== undefined && body.title !== null) change.title = body.title as string
  if (body.visibility !== undefined && body.visibility !== null) change.visibility = body.visibility as Room['visibility']
  if (body.line !== undefined && body.line !== null) change.line = body.line as string
  return withRoom(state, change)
}

/** Another has it in hand: one owner, and who was it becomes what the event says. */
function ownerChanged(state: Snapshot, { body }: RoomEvent): Snapshot {
  const roles = new Map([[body.former_id, body.former_role], [body.owner_id, 'owner']].filter(([id, role]) => id && role) as Array<[string, Member['role']]>)
  const next = withRoom(state, { owner: (body.owner ?? null) as Person | null })
  return members(next, (all) => all.map((it) => ({ ...it, role: roles.get(it.user.id) ?? it.role })))
}

const links = (state: Snapshot, change: (all: LinkedRoom[]) => LinkedRoom[]): Snapshot => ({ ...state, links: change(state.links ?? []) })
const linked = (body: Body, kind: LinkedRoom['kind']): LinkedRoom => ({ room_id: body.other_id as string, kind })

function merged(state: Snapshot, { body }: RoomEvent): Snapshot {
  const next = links(state, (all) => [...all, linked(body, body.direction as LinkedRoom['kind'])])
  return body.direction === 'into' ? withRoom(next, { merged_into: body.other_id as string }) : next
}

function memberAdded(state: Snapshot, { body, seq }: RoomEvent): Snapshot {
  const joined: Member = { user: body.user as Person, role: body.role as Member['role'], from_seq: seq, to_seq: null, until: (body.until ?? null) as string | null }
  return members(state, (all) => [...all, joined])
}

function roleChanged(state: Snapshot, { body }: RoomEvent): Snapshot {
  const role = body.role as Member['role']
  return members(state, (all) => all.map((it) => (it.user.id === body.user_id ? { ...it, role, until: role === 'guest' ? it.until : null } : it)))
}

/** Who does an item, and until when; the log leaves out what is nothing. */
const given = ({ assignee = null, team = null, due_at = null }: Body) => ({ assignee, team, due_at }) as Partial<ChecklistItem>

function checklistAdded(state: Snapshot, { body }: RoomEvent): Snapshot {
  const item = { id: body.item_id, text: body.text, state: 'open', ...given(body), by: null, at: null } as ChecklistItem
  return { ...state, checklist: [...(state.checklist ?? []), item] }
}

function itemChanged(state: Snapshot, { body }: RoomEvent, change: Partial<ChecklistItem>): Snapshot {
  return { ...state, checklist: (state.checklist ?? []).map((it) => (it.id === body.item_id ? { ...it, ...change } : it)) }
}

type Change = (message: Message, event: RoomEvent, reader: string) => Partial<Message>

/** What was said is gone everywhere; that something was said stays. */
const deleted: Change = (_, { at }) => ({ content: '', metadata: {}, deleted_at: at, reactions: [] })

/** The text as it is now, which may be newer than this edit; one older than the text that is known changes nothing. */
function edited(message: Message, { body }: RoomEvent): Partial<Message> {
  const { content = '', metadata = {}, edited_at = null, deleted_at = null, version = 1 } = body.now as EventMessage
  if (version < (message.version ?? 1)) return {}
  return { content, metadata, edited_at, deleted_at, version, ...(deleted_at ? { reactions: [] } : {}) }
}

/**
 * Which reactions are the reader's own only the reader's own events tell: the hub names the first 20 of each. Of many events
 * read at once the last one brings the reactions; until then one of the reader's is at least known to be there.
 */
function reacted({ reactions: known = [] }: Message, { type, actor, body }: RoomEvent, reader: string): Partial<Message> {
  const sign = body.emoji as string
  const own = actor?.id === reader
  const mine = new Set(known.filter((it) => it.mine).map((it) => it.emoji))
  if (own && type === 'ReactionAdded') mine.add(sign)
  if (own && type === 'ReactionRemoved') mine.delete(sign)
  const lacks = mine.has(sign) && !known.some((it) => it.emoji === sign)
  const kept = lacks && actor ? [...known, { emoji: sign, count: 1, users: [actor] }] : known
  const now = (body.reactions as Reaction[] | undefined) ?? kept
  return { reactions: now.map((it) => ({ ...it, mine: mine.has(it.emoji) })) }
}

const CHANGES: Record<string, Change> = {
  MessageDeleted: deleted,
  MessageEdited: edited,
  ReactionAdded: reacted,
  ReactionRemoved: reacted,
  OccurrenceChanged: (_, { body }) => ({ metadata: body.card as IncidentData & Message['metadata'] }),
}

/**
 * The reader's messages after an event that changes the one it speaks of; one that was never loaded changes nothing. Pure.
 * They may have been read after the event: to fold it again does no harm, and what is deleted stays deleted.
 */
export function changed(messages: Message[], event: RoomEvent, reader: string): Message[] {
  const change = CHANGES[event.type]
  const place = change ? messages.findIndex((it) => it.message_id === event.body.message_id) : -1
  const known = messages[place]
  if (!change || !known || known.deleted_at) return messages
  return messages.with(place, { ...known, ...change(known, event, reader) })
}

const STEPS: Record<string, Step> = {
  RoomOpened: (state) => state,
  RoomChanged: roomChanged,
  StatusChanged: statusChanged,
  SeverityChanged: (state, { body }) => withRoom(state, { severity: body.to_severity as Severity }),
  OwnerChanged: ownerChanged,
  RoomMerged: merged,
  RoomLinked: (state, { body }) => links(state, (all) => [...all, linked(body, 'related')]),
  RoomUnlinked: (state, { body }) => links(state, (all) => all.filter((it) => it.room_id !== body.other_id)),
  RoomArchived: (state, { at }) => withRoom(state, { archived_at: at }),
  RoomUnarchived: (state) => withRoom(state, { archived_at: null }),
  MemberAdded: memberAdded,
  MemberRemoved: (state, { body }) => members(state, (all) => all.filter((it) => it.user.id !== body.user_id)),
  RoleChanged: roleChanged,
  MessagePosted: (state, { body }) => alarms(state, body),
  OccurrenceChanged: (state, { body }) => alarms(state, body),
  ChecklistAdded: checklistAdded,
  ChecklistItemChecked: (state, event) => itemChanged(state, event, { state: event.body.state as ChecklistItem['state'], by: event.actor, at: event.at }),
  ChecklistItemAssigned: (state, event) => itemChanged(state, event, given(event.body)),
}

/** The message an event shows in the timeline, whole: its body holds only what the event itself does not say. */
function shown({ body, room, seq, actor, at }: RoomEvent): Message | null {
  const part = body.message as EventMessage | undefined
  if (!part) return null
  const message_id = body.message_id as string
  const type = (body.kind ?? 'system') as Message['type']
  const absent = { content: '', metadata: {}, client_msg_id: null, edited_at: null, deleted_at: null, version: 1, reactions: [] }
  return { message_id, room_id: room, seq, type, sender: actor, created_at: at, ...absent, ...part }
}

/**
 * The room after one more event. Pure. An event already in the snapshot changes nothing; a gap throws `Gap`.
 * An event of an unknown type counts, and shows its message if it has one: an older page stays usable.
 */
export function apply(state: Snapshot, event: RoomEvent): Snapshot {
  if (event.seq <= state.as_of_seq) return state
  if (event.seq !== state.as_of_seq + 1) throw new Gap(`${event.seq} after ${state.as_of_seq}`)
  const step = STEPS[event.type]
  const next = step ? step(state, event) : state
  const message = shown(event)
  const known = changed(next.messages, event, next.reader.user_id)
  const messages = message ? [...known, message] : known
  return { ...next, messages, as_of_seq: event.seq, room: { ...next.room, last_seq: event.seq }, can: step ? canIn(next) : next.can }
}
