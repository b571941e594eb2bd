/* Generated from hub/wire by `npm run types`. Edit the Python structs, then run it again. */
/* oxlint-disable */

export type ClientFrame =
  Auth | Subscribe | Unsubscribe | Send | Edit | Delete | React | Unreact | Read | Typing | Heartbeat
export type ServerFrame =
  Hello | Ready | EventFrame | CaughtUp | ResyncRequired | Ack | Done | Error | Signal | HeartbeatAnswer | Reconnect

export interface Wire {
  Ack?: Ack
  AddMember?: AddMember
  AlarmAnswer?: AlarmAnswer
  AlarmBatch?: AlarmBatch
  AuditEntry?: AuditEntry
  AuditPage?: AuditPage
  AuditState?: AuditState
  Auth?: Auth
  Broadcast?: Broadcast
  CaughtUp?: CaughtUp
  ChangeMember?: ChangeMember
  ChangeRoom?: ChangeRoom
  ClientFrame?: ClientFrame
  Delete?: Delete
  Done?: Done
  Edit?: Edit
  EditMessage?: EditMessage
  Error?: Error
  Event?: Event
  EventFrame?: EventFrame
  EventMessage?: EventMessage
  EventPage?: EventPage
  FileRef?: FileRef
  Heartbeat?: Heartbeat
  HeartbeatAnswer?: HeartbeatAnswer
  Hello?: Hello
  Here?: Here
  IncidentData?: IncidentData
  LastMessage?: LastMessage
  LobbyRoom?: LobbyRoom
  Login?: Login
  MarkRead?: MarkRead
  Me?: Me
  Member?: Member
  MemberAdded?: MemberAdded
  MemberRemoved?: MemberRemoved
  Mentions?: Mentions
  Message?: Message
  MessageDeleted?: MessageDeleted
  MessageEdited?: MessageEdited
  MessagePage?: MessagePage
  MessagePosted?: MessagePosted
  NewBroadcast?: NewBroadcast
  NewReaction?: NewReaction
  OccurrenceChanged?: OccurrenceChanged
  OccurrenceState?: OccurrenceState
  OpenRoom?: OpenRoom
  Outcome?: Outcome
  OwnerChanged?: OwnerChanged
  Person?: Person
  PostMessage?: PostMessage
  Posted?: Posted
  ProblemView?: ProblemView
  QuarantinePage?: QuarantinePage
  QuarantineRow?: QuarantineRow
  React?: React
  Reaction?: Reaction
  ReactionAdded?: ReactionAdded
  ReactionRemoved?: ReactionRemoved
  Read?: Read
  ReadMark?: ReadMark
  Ready?: Ready
  Reconnect?: Reconnect
  ResyncRequired?: ResyncRequired
  RoleChanged?: RoleChanged
  Room?: Room
  RoomChanged?: RoomChanged
  RoomOpened?: RoomOpened
  RoomPage?: RoomPage
  RoomRow?: RoomRow
  SearchHit?: SearchHit
  SearchPage?: SearchPage
  SearchPart?: SearchPart
  Seen?: Seen
  Send?: Send
  ServerFrame?: ServerFrame
  SessionView?: SessionView
  SeverityChanged?: SeverityChanged
  Signal?: Signal
  SignedIn?: SignedIn
  Snapshot?: Snapshot
  StatusChanged?: StatusChanged
  Subscribe?: Subscribe
  Ticket?: Ticket
  Times?: Times
  Transition?: Transition
  Typing?: Typing
  Unreact?: Unreact
  Unsubscribe?: Unsubscribe
  Version?: Version
}
/**
 * A sent message is durable.
 */
export interface Ack {
  message_id: string
  op: 'ack'
  ref: string
  seq: number
}
/**
 * Add a user to the room; without `user_id` I join myself.
 */
export interface AddMember {
  role?: 'guest' | 'lead' | 'owner' | 'responder' | 'viewer'
  user_id?: string | null
}
/**
 * One outcome for each observation, in order.
 */
export interface AlarmAnswer {
  results: Outcome[]
}
/**
 * What became of one observation; `code` tells why it was quarantined, or its first defect.
 */
export interface Outcome {
  code?: string | null
  index: number
  outcome: string
  room_id?: string | null
}
/**
 * A batch of observations, snapshots and rejects (shapes in `hub.wire.alarms`), at most 500, at most 4 MiB.
 */
export interface AlarmBatch {
  observations: {
    [k: string]: unknown
  }[]
}
/**
 * Who did what to what, from where. An audit row has a `number` and a `hash` (hex) as soon as it is sealed. An event of a room is an entry too: its `action` is the event's type, its `object` the room, its `facts` the event's body.
 */
export interface AuditEntry {
  action: string
  actor: Person | null
  after?: {
    [k: string]: unknown
  } | null
  at: string
  before?: {
    [k: string]: unknown
  } | null
  facts: {
    [k: string]: unknown
  }
  hash?: string | null
  id: string
  ip?: string
  number?: number | null
  object: string
  request_id?: string
  room_id?: string | null
  sealed_at?: string | null
  seq?: number | null
}
/**
 * Who did it, as short as a timeline needs it.
 */
export interface Person {
  id: string
  kind: 'bot' | 'machine' | 'person'
  name: string
}
/**
 * Entries, newest first; `cursor` leads to those before.
 */
export interface AuditPage {
  cursor?: string | null
  entries: AuditEntry[]
}
/**
 * How the chain stands. Keep `head` elsewhere: with it a chain that was cut short is found out. `chain_ok` is what this hub process has proved so far; `broken` names the first place that does not fit.
 */
export interface AuditState {
  broken: string | null
  chain_ok: boolean
  checked_at: string | null
  head: string
  sealed_at: string | null
  unsealed: number
  unsealed_seconds: number
}
/**
 * First frame: the one-time ticket of `POST /api/ws-ticket`.
 */
export interface Auth {
  op: 'auth'
  ticket: string
  v?: number
}
/**
 * A word to a person, a room, a line or everybody, until it expires. `seen_at` is when I have seen it.
 */
export interface Broadcast {
  created_at: string
  expires_at: string
  id: string
  line?: string | null
  person?: Person | null
  room_id?: string | null
  scope: 'everybody' | 'line' | 'person' | 'room'
  seen_at?: string | null
  sender: Person | null
  severity: 'critical' | 'diagnostic' | 'high' | 'low' | 'medium'
  text: string
}
/**
 * Everything up to this seq was sent; what follows is live.
 */
export interface CaughtUp {
  op: 'caught_up'
  room: string
  seq: number
}
/**
 * Change a member's room role.
 */
export interface ChangeMember {
  role: 'guest' | 'lead' | 'owner' | 'responder' | 'viewer'
}
/**
 * Change facts of a room; what is absent stays.
 */
export interface ChangeRoom {
  severity?: ('critical' | 'diagnostic' | 'high' | 'low' | 'medium') | null
  title?: string | null
  visibility?: ('line' | 'members' | 'plant') | null
}
/**
 * Follow a room from after a seq; `epoch` as told in `hello` or the snapshot.
 */
export interface Subscribe {
  after_seq: number
  epoch?: string | null
  op: 'subscribe'
  ref?: string | null
  room: string
}
/**
 * Stop following a room.
 */
export interface Unsubscribe {
  op: 'unsubscribe'
  room: string
}
/**
 * Post a message; answered by `ack` after it is durable.
 */
export interface Send {
  client_msg_id: string
  content: string
  kind?: 'file_ref' | 'image_ref' | 'incident_data' | 'system' | 'text'
  metadata?: {
    [k: string]: unknown
  }
  op: 'send'
  room: string
}
/**
 * Give one's own text another wording; answered by `done`. `version` is the one that was changed.
 */
export interface Edit {
  content: string
  message_id: string
  op: 'edit'
  ref?: string | null
  version?: number | null
}
/**
 * Delete a message; answered by `done`.
 */
export interface Delete {
  message_id: string
  op: 'delete'
  reason?: string | null
  ref?: string | null
}
/**
 * React to a message; answered by `done`, also when it was so already.
 */
export interface React {
  emoji: string
  message_id: string
  op: 'react'
  ref?: string | null
}
/**
 * Take a reaction back; answered by `done`, also when there was none.
 */
export interface Unreact {
  emoji: string
  message_id: string
  op: 'unreact'
  ref?: string | null
}
/**
 * I have read the room up to this seq.
 */
export interface Read {
  op: 'read'
  room: string
  seq: number
}
/**
 * I am writing in this room; repeat it every 3 s, it ends by itself after 6. Not `active`: I have stopped.
 */
export interface Typing {
  active?: boolean
  op: 'typing'
  room: string
}
/**
 * Alive. Answered by `hb` with the server's time.
 */
export interface Heartbeat {
  op: 'hb'
}
/**
 * An `edit`, `delete`, `react` or `unreact` is durable.
 */
export interface Done {
  op: 'done'
  ref: string
}
/**
 * Give one's own text another wording, within 15 minutes.
 */
export interface EditMessage {
  content: string
}
/**
 * A refusal, with the codes of the REST API.
 */
export interface Error {
  code: string
  message: string
  op: 'error'
  ref?: string | null
  retry_after_ms?: number | null
  room?: string | null
}
/**
 * One numbered event of a room, hydrated: `body` carries facts, and in `message` what the timeline shows.
 */
export interface Event {
  actor: Person | null
  at: string
  body: {
    [k: string]: unknown
  }
  room: string
  seq: number
  type: string
}
/**
 * One event of a followed room, in seq order, none missing.
 */
export interface EventFrame {
  actor: Person | null
  at: string
  body: {
    [k: string]: unknown
  }
  op: 'event'
  room: string
  seq: number
  type: string
}
/**
 * What an event shows in the timeline, as it is now, without what the event itself says: see `fold.shown`.
 */
export interface EventMessage {
  client_msg_id?: string | null
  content?: string
  deleted_at?: string | null
  edited_at?: string | null
  metadata?: {
    [k: string]: unknown
  }
  reactions?: Reaction[]
  version?: number
}
/**
 * One emoji under a message, in the order of first use. `users` names the first 20 of `count`.
 */
export interface Reaction {
  count: number
  emoji: string
  users: Person[]
}
/**
 * Events after a seq; `last_seq` is the room's head when the page was read.
 */
export interface EventPage {
  events: Event[]
  last_seq: number
}
/**
 * What `image_ref` and `file_ref` messages point at; stands in their `metadata`. `size` is in bytes.
 */
export interface FileRef {
  file_id: string
  height?: number | null
  mime: string
  name: string
  size: number
  width?: number | null
}
/**
 * The hub is alive.
 */
export interface HeartbeatAnswer {
  op: 'hb'
  server_time: string
}
/**
 * First frame of the hub.
 */
export interface Hello {
  epoch: string
  heartbeat_ms: number
  limits: {
    [k: string]: number
  }
  op: 'hello'
  server_time: string
  v: number
}
/**
 * Members of a room who are online, or who are writing in it; at most 100 of `count` are named.
 */
export interface Here {
  count: number
  people: Person[]
  room_id: string
}
/**
 * The card of one occurrence (raise → return), `incident_data/1`. Stands in the message's `metadata`.
 */
export interface IncidentData {
  alarm_key: string
  category?:
    'comm' | 'it' | 'machine' | 'maintenance' | 'material' | 'planned' | 'process' | 'quality' | 'safety' | 'utility'
  code?: string | null
  condition?: string | null
  count: number
  defects?: string[]
  isa: 'ACKED' | 'DSUPR' | 'LTACK' | 'LTUNK' | 'NORM' | 'OOSRV' | 'RTNUN' | 'SHLVD' | 'UNACK'
  key: string
  limit?: number | string | boolean | null
  line?: string | null
  machine?: string | null
  native_severity?: string | number | null
  occurrence_id: string
  quality?: 'bad' | 'good' | 'stale' | 'uncertain'
  raw?: {
    [k: string]: unknown
  }
  reason?: string | null
  schema?: string
  severity: 'critical' | 'diagnostic' | 'high' | 'low' | 'medium'
  site?: string | null
  source: string
  state: OccurrenceState
  station?: string | null
  text: {
    [k: string]: string
  }
  times: Times
  unit?: string | null
  value?: number | string | boolean | null
}
/**
 * What the machine says; null = the source does not say.
 */
export interface OccurrenceState {
  acked: boolean | null
  active: boolean | null
  latched?: boolean | null
  stale?: boolean
}
/**
 * The clocks of one occurrence (industrial record `incident_data/1`).
 */
export interface Times {
  acked_at?: string | null
  raised_at: string
  received_at: string
  returned_at?: string | null
  source_at?: string | null
}
/**
 * The newest message of a room, for the room list.
 */
export interface LastMessage {
  at: string
  metadata: {
    [k: string]: unknown
  }
  preview: string
  sender: Person | null
  seq: number
  type: 'file_ref' | 'image_ref' | 'incident_data' | 'system' | 'text'
}
/**
 * A room that moved, as the list shows it. What is mine in it (unread) comes from REST.
 */
export interface LobbyRoom {
  members: number
  room: Room
}
/**
 * An incident room. `title` is the fault in the site's language; `fault` has every language known. `active_alarms` counts occurrences still active.
 */
export interface Room {
  acknowledged_at: string | null
  active_alarms: number
  category:
    'comm' | 'it' | 'machine' | 'maintenance' | 'material' | 'planned' | 'process' | 'quality' | 'safety' | 'utility'
  closed_at: string | null
  code: string
  fault: {
    [k: string]: string
  }
  first_raised_at: string | null
  id: string
  last_seq: number
  line: string | null
  machine: string | null
  monitoring_at: string | null
  on_site_at: string | null
  opened_at: string
  owner: Person | null
  restored_at: string | null
  severity: 'critical' | 'diagnostic' | 'high' | 'low' | 'medium'
  site: string | null
  status: 'acknowledged' | 'closed' | 'false_alarm' | 'merged' | 'monitoring' | 'on_site' | 'open' | 'restored'
  title: string
  visibility: 'line' | 'members' | 'plant'
}
/**
 * Account and password; checked by the directory or the local accounts.
 */
export interface Login {
  password: string
  username: string
}
/**
 * I have read up to this seq. With `unread` what comes after it is new to me again.
 */
export interface MarkRead {
  seq: number
  unread?: boolean
}
/**
 * The signed-in user.
 */
export interface Me {
  id: string
  kind: 'bot' | 'machine' | 'person'
  language: string | null
  name: string
  role: 'admin' | 'lead' | 'responder' | 'viewer'
  username: string
}
/**
 * A person in the room, with the part of the log they belong to (`to_seq` null = still in).
 */
export interface Member {
  from_seq: number
  role: 'guest' | 'lead' | 'owner' | 'responder' | 'viewer'
  to_seq?: number | null
  user: Person
}
/**
 * From this seq on the user belongs to the room.
 */
export interface MemberAdded {
  role: 'guest' | 'lead' | 'owner' | 'responder' | 'viewer'
  user_id: string
}
/**
 * Up to this seq the user belonged to the room.
 */
export interface MemberRemoved {
  user_id: string
}
/**
 * Whom a message calls; stands in its `metadata` as `mentions`. `absent`: no members of the room, not called. `unknown`: ids in the text that are nobody's. In the content a mention is the token `<@user id>`, or `@` and the name as it was typed.
 */
export interface Mentions {
  absent?: Person[]
  groups?: ('lead' | 'oncall' | 'room')[]
  people?: Person[]
  unknown?: string[]
}
/**
 * A message; a deleted one has no content. `metadata` of `incident_data` is the occurrence's card. `version` counts its texts from 1; `PATCH` takes it as `If-Match`.
 */
export interface Message {
  client_msg_id?: string | null
  content: string
  created_at: string
  deleted_at?: string | null
  edited_at?: string | null
  message_id: string
  metadata: {
    [k: string]: unknown
  }
  reactions?: Reaction[]
  room_id: string
  sender: Person | null
  seq: number
  type: 'file_ref' | 'image_ref' | 'incident_data' | 'system' | 'text'
  version?: number
}
/**
 * What was said is gone; that something was said stays as a tombstone.
 */
export interface MessageDeleted {
  message_id: string
}
/**
 * A message has another wording; readers get it as `now`. Copies of the former one are thrown away. `called` and `called_groups` are those whom the former wording did not mention.
 */
export interface MessageEdited {
  called?: string[]
  called_groups?: ('lead' | 'oncall' | 'room')[]
  message_id: string
  version: number
}
/**
 * Messages in seq order. `before` and `after` are seqs to go on with, null at the end.
 */
export interface MessagePage {
  after: number | null
  before: number | null
  messages: Message[]
}
/**
 * A message of type text or incident_data; its content stands in `messages`. `active_alarms` is the room's new count when an alarm joined.
 */
export interface MessagePosted {
  active_alarms?: number | null
  kind: 'file_ref' | 'image_ref' | 'incident_data' | 'system' | 'text'
  message_id: string
}
/**
 * Tell one person (`user_id`), a room (`room_id`), a line (`line`) or everybody; at most a week.
 */
export interface NewBroadcast {
  expires_in?: number
  line?: string | null
  room_id?: string | null
  scope: 'everybody' | 'line' | 'person' | 'room'
  severity?: 'critical' | 'diagnostic' | 'high' | 'low' | 'medium'
  text: string
  user_id?: string | null
}
/**
 * React with one emoji; the same again changes nothing.
 */
export interface NewReaction {
  emoji: string
}
/**
 * The card of an occurrence changed in place. `active_alarms` is the room's new count.
 */
export interface OccurrenceChanged {
  active_alarms: number
  card: IncidentData
  message_id: string
}
/**
 * Open a room by hand.
 */
export interface OpenRoom {
  category?:
    'comm' | 'it' | 'machine' | 'maintenance' | 'material' | 'planned' | 'process' | 'quality' | 'safety' | 'utility'
  line?: string | null
  machine?: string | null
  severity?: 'critical' | 'diagnostic' | 'high' | 'low' | 'medium'
  site?: string | null
  title: string
  visibility?: 'line' | 'members' | 'plant'
}
/**
 * Somebody took the incident, or nobody has it.
 */
export interface OwnerChanged {
  owner_id: string | null
}
/**
 * Post a message. `client_msg_id` makes a retry safe; the `Idempotency-Key` header is the same thing.
 */
export interface PostMessage {
  client_msg_id?: string | null
  content: string
  metadata?: {
    [k: string]: unknown
  }
  type?: 'file_ref' | 'image_ref' | 'incident_data' | 'system' | 'text'
}
/**
 * A message is durable. `duplicate` tells that the same key was posted before.
 */
export interface Posted {
  created_at: string
  duplicate?: boolean
  message_id: string
  seq: number
}
/**
 * RFC 9457 problem+json with a stable `code`.
 */
export interface ProblemView {
  code: string
  detail: string
  field?: string | null
  request_id: string
  retry_after?: number | null
  status: number
  title: string
  type: string
}
/**
 * Newest first; `next` goes on.
 */
export interface QuarantinePage {
  items: QuarantineRow[]
  next: number | null
}
/**
 * A payload that could not be understood, kept as it came.
 */
export interface QuarantineRow {
  at: string
  code: string
  detail: string
  id: number
  payload: string
  source: string
  topic: string | null
}
/**
 * Somebody reacts; readers get all reactions of the message as `reactions`, with the last event of a page.
 */
export interface ReactionAdded {
  emoji: string
  message_id: string
}
/**
 * Somebody takes a reaction back.
 */
export interface ReactionRemoved {
  emoji: string
  message_id: string
}
/**
 * How far I have read.
 */
export interface ReadMark {
  last_read_seq: number
  mentions?: number
  room_id: string
  unread: number
}
/**
 * The ticket was good.
 */
export interface Ready {
  op: 'ready'
  user: Person
}
/**
 * The hub drains; come back after so long.
 */
export interface Reconnect {
  after_ms: number
  op: 'reconnect'
}
/**
 * Too old, from the future or of another epoch: fetch the snapshot, then subscribe from it.
 */
export interface ResyncRequired {
  op: 'resync_required'
  room: string
}
/**
 * A member has another room role.
 */
export interface RoleChanged {
  role: 'guest' | 'lead' | 'owner' | 'responder' | 'viewer'
  user_id: string
}
/**
 * Facts changed by a person; absent = unchanged.
 */
export interface RoomChanged {
  title?: string | null
  visibility?: ('line' | 'members' | 'plant') | null
}
/**
 * Seq 1 of every room.
 */
export interface RoomOpened {
  category:
    'comm' | 'it' | 'machine' | 'maintenance' | 'material' | 'planned' | 'process' | 'quality' | 'safety' | 'utility'
  code: string
  fault: {
    [k: string]: string
  }
  first_raised_at?: string | null
  line: string | null
  machine: string | null
  severity: 'critical' | 'diagnostic' | 'high' | 'low' | 'medium'
  site: string | null
  title: string
  visibility: 'line' | 'members' | 'plant'
}
/**
 * `changed` is the cursor for `changed_after`; `next` the cursor of the next page or null.
 */
export interface RoomPage {
  changed: string
  next?: string | null
  rooms: RoomRow[]
}
/**
 * A room in the list, with what is mine in it. `mentions` counts unread messages that call me.
 */
export interface RoomRow {
  am_member: boolean
  last_message: LastMessage | null
  last_read_seq: number
  members: number
  mentions?: number
  room: Room
  unread: number
}
/**
 * A message that was found, with the sentence it was found in and the room it stands in.
 */
export interface SearchHit {
  message: Message
  room: Room
  snippet: SearchPart[]
}
/**
 * A piece of a snippet; `hit` is what was searched for.
 */
export interface SearchPart {
  hit?: boolean
  text: string
}
/**
 * Newest first; `next` is the cursor of the next page or null.
 */
export interface SearchPage {
  hits: SearchHit[]
  next?: string | null
}
/**
 * Who has seen a broadcast, and when.
 */
export interface Seen {
  at: string
  person: Person
}
/**
 * Live, lossy, never stored. `lobby`: these rooms moved; fetch `changed_after` for what is mine in them. `typing`: who writes in the room now, three of `count` at most; nobody when `people` is empty. `presence`: `count` members are online, those who came and left since the last one; ask `/online` when there are too many to name. `read`: another device of mine has read, or has marked what comes after as `unread`.
 */
export interface Signal {
  broadcast?: Broadcast | null
  came?: string[]
  count?: number
  kind: 'broadcast' | 'lobby' | 'presence' | 'read' | 'typing'
  last_read_seq?: number | null
  left?: string[]
  op: 'signal'
  people?: Person[]
  room?: string | null
  rooms?: LobbyRoom[]
  unread?: boolean
}
/**
 * One sign-in of the user, on one device.
 */
export interface SessionView {
  created_at: string
  current: boolean
  expires_at: string
  id: string
  ip: string
  last_used_at: string
  user_agent: string
}
/**
 * Severity rises by itself, falls only by a person.
 */
export interface SeverityChanged {
  from_severity: 'critical' | 'diagnostic' | 'high' | 'low' | 'medium'
  to_severity: 'critical' | 'diagnostic' | 'high' | 'low' | 'medium'
}
/**
 * Answer of login and refresh. `expires_in` is in seconds.
 */
export interface SignedIn {
  access_token: string
  expires_in: number
  user: Me
}
/**
 * The room as of `as_of_seq`. Snapshot + later events = a fresh snapshot (a law, tested).
 */
export interface Snapshot {
  as_of_seq: number
  epoch: string
  last_read_seq: number
  members: Member[]
  messages: Message[]
  room: Room
}
/**
 * The incident moved on; `by_source` when the machines themselves did it.
 */
export interface StatusChanged {
  by_source?: boolean
  from_status: 'acknowledged' | 'closed' | 'false_alarm' | 'merged' | 'monitoring' | 'on_site' | 'open' | 'restored'
  to_status: 'acknowledged' | 'closed' | 'false_alarm' | 'merged' | 'monitoring' | 'on_site' | 'open' | 'restored'
}
/**
 * A one-time ticket for the first WebSocket frame. `expires_in` is in seconds.
 */
export interface Ticket {
  expires_in: number
  ticket: string
}
/**
 * Move the incident to a status; the reason stands in the timeline.
 */
export interface Transition {
  reason?: string | null
  to: 'acknowledged' | 'closed' | 'false_alarm' | 'merged' | 'monitoring' | 'on_site' | 'open' | 'restored'
}
/**
 * One text of a message: who wrote it and when, the first one first.
 */
export interface Version {
  at: string
  by: Person | null
  content: string
  version: number
}
