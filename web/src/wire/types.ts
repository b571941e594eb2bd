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
  AlarmFacts?: AlarmFacts
  AppliedTemplate?: AppliedTemplate
  AuditEntry?: AuditEntry
  AuditPage?: AuditPage
  AuditState?: AuditState
  Auth?: Auth
  Broadcast?: Broadcast
  CalendarDuty?: CalendarDuty
  CalendarFile?: CalendarFile
  CalendarShift?: CalendarShift
  CalendarTeam?: CalendarTeam
  CaughtUp?: CaughtUp
  ChangeItem?: ChangeItem
  ChangeMe?: ChangeMe
  ChangeMember?: ChangeMember
  ChangePassword?: ChangePassword
  ChangeRoom?: ChangeRoom
  ChangeTeam?: ChangeTeam
  ChangeUser?: ChangeUser
  ChecklistAdded?: ChecklistAdded
  ChecklistItem?: ChecklistItem
  ChecklistItemAssigned?: ChecklistItemAssigned
  ChecklistItemChecked?: ChecklistItemChecked
  ClientFrame?: ClientFrame
  Closing?: Closing
  ClosingFilled?: ClosingFilled
  ClosingForm?: ClosingForm
  Delete?: Delete
  DirectoryController?: DirectoryController
  DirectoryStatus?: DirectoryStatus
  Done?: Done
  Edit?: Edit
  EditMessage?: EditMessage
  Ended?: Ended
  Error?: Error
  Event?: Event
  EventFrame?: EventFrame
  EventMessage?: EventMessage
  EventPage?: EventPage
  FileRef?: FileRef
  GroupMapping?: GroupMapping
  HandOver?: HandOver
  Heartbeat?: Heartbeat
  HeartbeatAnswer?: HeartbeatAnswer
  Hello?: Hello
  Here?: Here
  Holiday?: Holiday
  HolidayList?: HolidayList
  ImportTemplates?: ImportTemplates
  ImportedTemplate?: ImportedTemplate
  IncidentData?: IncidentData
  ItemCondition?: ItemCondition
  ItemRule?: ItemRule
  LastMessage?: LastMessage
  LinkedRoom?: LinkedRoom
  LobbyRoom?: LobbyRoom
  Login?: Login
  MarkRead?: MarkRead
  Me?: Me
  Member?: Member
  MemberAdded?: MemberAdded
  MemberRemoved?: MemberRemoved
  MemberRule?: MemberRule
  Mentions?: Mentions
  Merge?: Merge
  Message?: Message
  MessageDeleted?: MessageDeleted
  MessageEdited?: MessageEdited
  MessagePage?: MessagePage
  MessagePosted?: MessagePosted
  NamedShift?: NamedShift
  NewAccount?: NewAccount
  NewBroadcast?: NewBroadcast
  NewGroupMapping?: NewGroupMapping
  NewItem?: NewItem
  NewOverride?: NewOverride
  NewPattern?: NewPattern
  NewReaction?: NewReaction
  NewRoster?: NewRoster
  NewTeam?: NewTeam
  NewToken?: NewToken
  NewTokenView?: NewTokenView
  NewUserView?: NewUserView
  NewView?: NewView
  OccurrenceChanged?: OccurrenceChanged
  OccurrenceState?: OccurrenceState
  OnShift?: OnShift
  OnShiftNow?: OnShiftNow
  OpenRoom?: OpenRoom
  OpenedRoom?: OpenedRoom
  Outcome?: Outcome
  Override?: Override
  OwnerChanged?: OwnerChanged
  Pattern?: Pattern
  Person?: Person
  PostMessage?: PostMessage
  Posted?: Posted
  Preset?: Preset
  PreviewItem?: PreviewItem
  PreviewMember?: PreviewMember
  PreviewTemplate?: PreviewTemplate
  ProblemView?: ProblemView
  PutTeamMember?: PutTeamMember
  QuarantinePage?: QuarantinePage
  QuarantineRow?: QuarantineRow
  React?: React
  Reaction?: Reaction
  ReactionAdded?: ReactionAdded
  ReactionRemoved?: ReactionRemoved
  Read?: Read
  ReadMark?: ReadMark
  Reader?: Reader
  Ready?: Ready
  Reason?: Reason
  Reconnect?: Reconnect
  RestoreTemplate?: RestoreTemplate
  ResyncRequired?: ResyncRequired
  Right?: Right
  RoleChanged?: RoleChanged
  Room?: Room
  RoomArchived?: RoomArchived
  RoomChanged?: RoomChanged
  RoomChecklist?: RoomChecklist
  RoomCounts?: RoomCounts
  RoomLinked?: RoomLinked
  RoomMerged?: RoomMerged
  RoomOpened?: RoomOpened
  RoomPage?: RoomPage
  RoomRow?: RoomRow
  RoomTemplate?: RoomTemplate
  RoomUnarchived?: RoomUnarchived
  RoomUnlinked?: RoomUnlinked
  RoomWelcomed?: RoomWelcomed
  Roster?: Roster
  Runbook?: Runbook
  SavedView?: SavedView
  SearchHit?: SearchHit
  SearchPage?: SearchPage
  SearchPart?: SearchPart
  Seen?: Seen
  Send?: Send
  ServerFrame?: ServerFrame
  SessionView?: SessionView
  SeverityChanged?: SeverityChanged
  ShiftCalendar?: ShiftCalendar
  Signal?: Signal
  SignedIn?: SignedIn
  Snapshot?: Snapshot
  Standing?: Standing
  StatusChanged?: StatusChanged
  Subscribe?: Subscribe
  Team?: Team
  TeamCan?: TeamCan
  TeamDetail?: TeamDetail
  TeamMember?: TeamMember
  TemplateFile?: TemplateFile
  TemplateList?: TemplateList
  TemplateMatch?: TemplateMatch
  TemplatePreview?: TemplatePreview
  TemplateVersion?: TemplateVersion
  TemplateView?: TemplateView
  Ticket?: Ticket
  Times?: Times
  TokenView?: TokenView
  Transition?: Transition
  Typing?: Typing
  Unreact?: Unreact
  Unsubscribe?: Unsubscribe
  UserCan?: UserCan
  UserRow?: UserRow
  UserView?: UserView
  Version?: Version
  ViewFilters?: ViewFilters
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
 * Add a user, or everybody of a team; without either I join myself. `until` ends a guest's membership by itself.
 */
export interface AddMember {
  role?: 'guest' | 'lead' | 'owner' | 'responder' | 'viewer'
  team_id?: string | null
  until?: string | null
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
 * What a room would be opened for.
 */
export interface AlarmFacts {
  area?: string | null
  category?:
    'comm' | 'it' | 'machine' | 'maintenance' | 'material' | 'planned' | 'process' | 'quality' | 'safety' | 'utility'
  code?: string | null
  condition?: string | null
  line?: string | null
  machine?: string | null
  severity?: 'critical' | 'diagnostic' | 'high' | 'low' | 'medium'
  site?: string | null
  text?: {
    [k: string]: string
  }
}
/**
 * The template a room was opened by, in the version it had then.
 */
export interface AppliedTemplate {
  closing_fields: ('cause' | 'countermeasures' | 'downtime_reason' | 'lost_minutes' | 'part')[]
  escalation_policy: string | null
  id: string
  name: string
  retention_days: number | null
  runbooks: Runbook[]
  version: number
}
/**
 * A link to what helps.
 */
export interface Runbook {
  title: {
    [k: string]: string
  }
  url: string
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
 * A person's part of a shift; `away` is who would have worked it.
 */
export interface CalendarDuty {
  ends: string
  kind: 'away' | 'crew' | 'extra' | 'stand_in'
  lead: boolean
  other?: Person | null
  person: Person
  starts: string
}
/**
 * The text of an iCalendar file (RFC 5545) whose all-day events are closed days.
 */
export interface CalendarFile {
  ics: string
}
/**
 * One shift of a team with the people on it; `key` is `extra` for who is called in outside of the pattern.
 */
export interface CalendarShift {
  crew: string
  day: string
  ends: string
  key: string
  name: {
    [k: string]: string
  }
  people: CalendarDuty[]
  starts: string
}
/**
 * A row of the shift calendar: a team, its people and its shifts in order of time. No `lines` = the whole site.
 */
export interface CalendarTeam {
  id: string
  lines: string[]
  members: Person[]
  name: string
  rostered: boolean
  shifts: CalendarShift[]
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
 * Check an item, or give it to somebody; what is absent stays. `unassign` gives it to nobody.
 */
export interface ChangeItem {
  assignee_id?: string | null
  due_at?: string | null
  state?: ('done' | 'open' | 'skipped') | null
  unassign?: boolean
}
/**
 * Change one's own language, and one's name where the account is local.
 */
export interface ChangeMe {
  language?: ('en' | 'zh-TW') | null
  name?: string | null
}
/**
 * Change a member's room role.
 */
export interface ChangeMember {
  role: 'guest' | 'lead' | 'owner' | 'responder' | 'viewer'
}
/**
 * Choose another password: account and present password as at sign-in, and the new one.
 */
export interface ChangePassword {
  new_password: string
  password: string
  username: string
}
/**
 * Change facts of a room; what is absent stays. A lower severity needs a `reason`, which stands in the timeline.
 */
export interface ChangeRoom {
  line?: string | null
  reason?: string | null
  severity?: ('critical' | 'diagnostic' | 'high' | 'low' | 'medium') | null
  title?: string | null
  visibility?: ('line' | 'members' | 'plant') | null
}
/**
 * Change a team; what is absent stays. An archived team keeps its people and counts for nothing.
 */
export interface ChangeTeam {
  archived?: boolean | null
  lines?: string[] | null
  name?: string | null
}
/**
 * Change an account; what is absent stays. Disabling ends sessions and closes sockets at once.
 */
export interface ChangeUser {
  disabled?: boolean | null
  kiosk?: boolean | null
  language?: ('en' | 'zh-TW') | null
  name?: string | null
  role?: ('admin' | 'lead' | 'responder' | 'viewer') | null
}
/**
 * An item on the checklist, in this order; readers get what it says as `text`.
 */
export interface ChecklistAdded {
  assignee_id?: string | null
  due_at?: string | null
  item_id: string
  team?: string | null
}
/**
 * A thing to do in a room, for one person or for a team (its key). `by` and `at` tell who checked it last.
 */
export interface ChecklistItem {
  assignee?: Person | null
  at?: string | null
  by?: Person | null
  due_at?: string | null
  id: string
  state?: 'done' | 'open' | 'skipped'
  team?: string | null
  text: {
    [k: string]: string
  }
}
/**
 * An item has another assignee or another time; these are all that hold now.
 */
export interface ChecklistItemAssigned {
  assignee_id?: string | null
  due_at?: string | null
  item_id: string
  team?: string | null
}
/**
 * An item is done, skipped, or open again; by the event's actor, at its time.
 */
export interface ChecklistItemChecked {
  item_id: string
  state: 'done' | 'open' | 'skipped'
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
 * The form as it is. Without `lost_minutes` of its own it proposes those between the first raise and the repair.
 */
export interface Closing {
  at?: string | null
  by?: Person | null
  form: ClosingForm
  missing: string[]
  proposed_minutes?: number | null
  required: string[]
}
/**
 * What is written down when an incident is closed. `cause` is one of the four M; `lost_minutes` of production.
 */
export interface ClosingForm {
  cause?: ('machine' | 'man' | 'material' | 'method') | null
  cause_text?: string
  countermeasures?: string
  downtime_reason?: string
  lost_minutes?: number | null
  part?: string
}
/**
 * Somebody filled in these fields of the closing form; what they wrote stands there.
 */
export interface ClosingFilled {
  fields: string[]
}
/**
 * A domain controller; one that is `late` did not answer this hub within the last half minute.
 */
export interface DirectoryController {
  late: boolean
  url: string
}
/**
 * How the looks at the directory go. `held` people are missing, but too many at once to believe it. `controllers` stand in the order in which they are asked.
 */
export interface DirectoryStatus {
  configured: boolean
  controllers: DirectoryController[]
  fault: string | null
  held: number
  looked_at: string | null
  succeeded_at: string | null
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
 * How many sessions were ended.
 */
export interface Ended {
  sessions: number
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
 * One emoji under a message, in the order of first use. `users` names the first 20 of `count`. `mine`: the reader is one of them. Events are the same for all readers and do not say it; `fold.apply` does.
 */
export interface Reaction {
  count: number
  emoji: string
  mine?: boolean
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
 * Members of a group get a hub role, come into a team, or both. Those of the settings have no id and stay.
 */
export interface GroupMapping {
  can_delete: boolean
  group: string
  id: string | null
  role: ('admin' | 'lead' | 'responder' | 'viewer') | null
  source: 'hand' | 'settings'
  team_id: string | null
  team_key: string | null
}
/**
 * Give the incident into the hands of a member.
 */
export interface HandOver {
  user_id: string
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
 * A day of the plant calendar: closed, or worked `like` another date (a make-up day).
 */
export interface Holiday {
  day: string
  like?: string | null
  name: string
}
/**
 * Days to put into the plant calendar; a day that stands there already is replaced.
 */
export interface HolidayList {
  holidays: Holiday[]
}
/**
 * Templates as they were exported, YAML or JSON. With `dry_run` nothing changes: the answer tells what would.
 */
export interface ImportTemplates {
  content: string
  dry_run?: boolean
}
/**
 * What became of one template, or would; `fields` are those that differ.
 */
export interface ImportedTemplate {
  fields: string[]
  name: string
  outcome: 'added' | 'changed' | 'unchanged'
  warnings?: Reason[]
}
/**
 * A code that clients put into words, and what it speaks of.
 */
export interface Reason {
  code: string
  params?: {
    [k: string]: string
  }
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
 * When an item of the checklist is wanted; all conditions that are given must hold.
 */
export interface ItemCondition {
  categories?: (
    'comm' | 'it' | 'machine' | 'maintenance' | 'material' | 'planned' | 'process' | 'quality' | 'safety' | 'utility'
  )[]
  codes?: string[]
  severities?: ('critical' | 'diagnostic' | 'high' | 'low' | 'medium')[]
  shifts?: string[]
}
/**
 * An item of the checklist, for one person (account name) or for a team; due so many minutes after the opening.
 */
export interface ItemRule {
  assignee?: string | null
  due_minutes?: number | null
  team?: string | null
  text: {
    [k: string]: string
  }
  when?: ItemCondition | null
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
 * Another room that has to do with this one: `into` = this one was merged into it, `from` = it into this one. What it is called tells the room itself, to those who may open it.
 */
export interface LinkedRoom {
  kind?: 'from' | 'into' | 'related'
  room_id: string
}
/**
 * A room that moved, as the list shows it. What is mine in it (unread) comes from REST.
 */
export interface LobbyRoom {
  members: number
  room: Room
}
/**
 * An incident room. `title` is the fault in the site's language; `fault` has every language known. `active_alarms` counts occurrences still active. `owner` has it in hand. `reopened` counts how often it came back.
 */
export interface Room {
  acknowledged_at: string | null
  active_alarms: number
  archived_at?: string | null
  area?: string | null
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
  merged_into?: string | null
  monitoring_at: string | null
  on_site_at: string | null
  opened_at: string
  owner: Person | null
  reopened?: number
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
 * A person in the room, with the part of the log they belong to (`to_seq` null = still in). `until`: when a guest's membership ends by itself.
 */
export interface Member {
  from_seq: number
  role: 'guest' | 'lead' | 'owner' | 'responder' | 'viewer'
  to_seq?: number | null
  until?: string | null
  user: Person
}
/**
 * From this seq on the user belongs to the room; with `until` no longer than that.
 */
export interface MemberAdded {
  role: 'guest' | 'lead' | 'owner' | 'responder' | 'viewer'
  until?: string | null
  user_id: string
}
/**
 * Up to this seq the user belonged to the room. `expired`: the time a guest was given is over.
 */
export interface MemberRemoved {
  expired?: boolean
  user_id: string
}
/**
 * Who is put into the room. `team`: its members; `role`: who has this hub role and looks after the room's line; `on_shift`: who works for the room's line now, of one team if one is named. `only_leads`: only those who lead.
 */
export interface MemberRule {
  by: 'on_shift' | 'role' | 'team'
  only_leads?: boolean
  role?: ('admin' | 'lead' | 'responder' | 'viewer') | null
  room_role?: 'lead' | 'responder' | 'viewer'
  team?: string | null
}
/**
 * Whom a message calls; stands in its `metadata` as `mentions`. `absent`: no members of the room, not called. `unknown`: ids in the text that are nobody's. `on_shift`: whom `oncall` called by the line's roster; without one it calls the room's members. In the content a mention is the token `<@user id>`, or `@` and the name as it was typed.
 */
export interface Mentions {
  absent?: Person[]
  groups?: ('lead' | 'oncall' | 'room')[]
  on_shift?: Person[]
  people?: Person[]
  unknown?: string[]
}
/**
 * Let the incident go on in another room. The reason stands in both timelines.
 */
export interface Merge {
  into: string
  reason: string
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
 * A shift of a pattern: it starts at this local time and lasts so many minutes of the wall clock.
 */
export interface NamedShift {
  key: string
  minutes: number
  name: {
    [k: string]: string
  }
  start: string
}
/**
 * Add a local account. A person without a `password` gets a temporary one; both are changed at first sign-in.
 */
export interface NewAccount {
  kind?: 'bot' | 'machine' | 'person'
  kiosk?: boolean
  language?: ('en' | 'zh-TW') | null
  name: string
  password?: string | null
  role?: 'admin' | 'lead' | 'responder' | 'viewer'
  username: string
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
 * Lead a group somewhere: its sAMAccountName (`Line3-Maint`, `CN=Line3-Maint`) or its whole distinguished name.
 */
export interface NewGroupMapping {
  group: string
  role?: ('admin' | 'lead' | 'responder' | 'viewer') | null
  team_id?: string | null
}
/**
 * Put something on a room's checklist.
 */
export interface NewItem {
  assignee_id?: string | null
  due_at?: string | null
  text: {
    [k: string]: string
  }
}
/**
 * What departs from the roster for a time: somebody is away, comes extra, or stands in for the one away. `away` alone: not on shift, in this team or (without a team) in any. `away` and `instead`: the second works what the first would have worked. `instead` alone: on shift for the team all the time, whatever the pattern says.
 */
export interface NewOverride {
  away?: string | null
  ends: string
  instead?: string | null
  reason?: string
  starts: string
  team_id?: string | null
}
/**
 * A shift pattern. `cycle` tells for each crew which shift it works on each day of the cycle, "" = off. `anchor` is a date that is the cycle's first day. A shift belongs to the date on which it starts. A pattern that runs `round_the_clock` leaves no minute without a crew; one that `observes_holidays` follows the plant calendar.
 */
export interface NewPattern {
  anchor: string
  cycle: {
    [k: string]: string[]
  }
  name: {
    [k: string]: string
  }
  observes_holidays?: boolean
  round_the_clock?: boolean
  shifts: NamedShift[]
  zone: string
}
/**
 * React with one emoji; the same again changes nothing.
 */
export interface NewReaction {
  emoji: string
}
/**
 * A team works as a crew of a pattern, from this local date on, until and with the last one (null = open end).
 */
export interface NewRoster {
  crew: string
  from_day: string
  pattern_id: string
  team_id: string
  until_day?: string | null
}
/**
 * Make a team.
 */
export interface NewTeam {
  key: string
  lines?: string[]
  name: string
}
/**
 * Make an API token for a machine or bot; without `expires_in` (seconds) it lasts until it is revoked.
 */
export interface NewToken {
  expires_in?: number | null
  label?: string
  sources?: string[]
}
/**
 * A token just made. `token` is told this once.
 */
export interface NewTokenView {
  token: string
  view: TokenView
}
/**
 * An API token; its secret was told when it was made. `sources` are those it may report for, `*` is any.
 */
export interface TokenView {
  created_at: string
  expires_at: string | null
  id: string
  label: string
  last_used_at: string | null
  sources: string[]
}
/**
 * An account just added, or one whose password was reset; a temporary `password` is told this once.
 */
export interface NewUserView {
  password: string | null
  user: UserView
}
/**
 * An account as an admin sees it. `waits_until`: too many wrong passwords, no try is taken before then.
 */
export interface UserView {
  break_glass: boolean
  can: UserCan
  created_at: string
  disabled_at: string | null
  id: string
  kind: 'bot' | 'machine' | 'person'
  kiosk: boolean
  language: string | null
  must_change_password: boolean
  name: string
  role: 'admin' | 'lead' | 'responder' | 'viewer'
  sessions: number
  source: 'directory' | 'local'
  username: string
  waits_until: string | null
}
/**
 * What the reader may do with the account.
 */
export interface UserCan {
  change_role: boolean
  disable: boolean
  enable: boolean
  end_sessions: boolean
  rename: boolean
  reset_password: boolean
  tokens: boolean
}
/**
 * Keep filters under a name; the same name again replaces them.
 */
export interface NewView {
  filters: ViewFilters
  name: string
}
/**
 * Filters of the room list, named as its parameters.
 */
export interface ViewFilters {
  archived?: boolean
  area?: string | null
  category?: (
    'comm' | 'it' | 'machine' | 'maintenance' | 'material' | 'planned' | 'process' | 'quality' | 'safety' | 'utility'
  )[]
  line?: string | null
  machine?: string | null
  mine?: boolean
  q?: string | null
  severity?: ('critical' | 'diagnostic' | 'high' | 'low' | 'medium')[]
  site?: string | null
  sort?: 'activity' | 'longest_open' | 'newest' | 'severity'
  status?: ('acknowledged' | 'closed' | 'false_alarm' | 'merged' | 'monitoring' | 'on_site' | 'open' | 'restored')[]
  team?: string | null
  unread?: boolean
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
 * A person on shift, until when, and for whom they stand in. `shift` is the shift's key, `extra` outside of any.
 */
export interface OnShift {
  ends: string
  instead_of?: Person | null
  lead: boolean
  name: {
    [k: string]: string
  }
  person: Person
  shift: string
  team: string
  team_id: string
}
/**
 * Who is on shift for a line (null = the whole site) at an instant. `rostered`: a roster covers the line at all.
 */
export interface OnShiftNow {
  at: string
  line: string | null
  people: OnShift[]
  rostered: boolean
}
/**
 * Open a room by hand, by this template, else by the one that matches.
 */
export interface OpenRoom {
  area?: string | null
  category?:
    'comm' | 'it' | 'machine' | 'maintenance' | 'material' | 'planned' | 'process' | 'quality' | 'safety' | 'utility'
  line?: string | null
  machine?: string | null
  severity?: 'critical' | 'diagnostic' | 'high' | 'low' | 'medium'
  site?: string | null
  template_id?: string | null
  title: string
  visibility?: 'line' | 'members' | 'plant'
}
/**
 * The room one asked for. `duplicate`: the same incident lasts already, and this is its room.
 */
export interface OpenedRoom {
  am_member: boolean
  can?: (
    | 'add_member'
    | 'archive'
    | 'arrive'
    | 'call_all'
    | 'change_role'
    | 'change_visibility'
    | 'close'
    | 'delete_any'
    | 'delete_own'
    | 'edit_own'
    | 'false_alarm'
    | 'fill_closing'
    | 'give_back'
    | 'join'
    | 'leave'
    | 'link'
    | 'lower_severity'
    | 'merge'
    | 'monitor'
    | 'post'
    | 'raise_severity'
    | 'react'
    | 'remove_member'
    | 'rename'
    | 'reopen'
    | 'restore'
    | 'take'
    | 'transfer'
    | 'unarchive'
  )[]
  duplicate?: boolean
  last_message: LastMessage | null
  last_read_seq: number
  members: number
  mentions?: number
  room: Room
  unread: number
}
/**
 * An override that is kept, and who entered it.
 */
export interface Override {
  away: Person | null
  by: Person | null
  can_change: boolean
  ends: string
  id: string
  instead: Person | null
  reason: string
  starts: string
  team_id: string | null
}
/**
 * Another has the incident in hand, or nobody. The owner's room role is `owner`; who was it becomes `former_role`. `why`: taken, given back, handed over by somebody, or the owner left and a lead of the room (or nobody) follows.
 */
export interface OwnerChanged {
  former_id?: string | null
  former_role?: ('guest' | 'lead' | 'owner' | 'responder' | 'viewer') | null
  owner_id: string | null
  why?: 'given_back' | 'handed_over' | 'left' | 'taken'
}
/**
 * A pattern that is kept. `rosters` counts the teams' rosters that follow it.
 */
export interface Pattern {
  can_change: boolean
  id: string
  pattern: NewPattern
  rosters: number
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
 * A classic pattern to start from; its zone is the plant's.
 */
export interface Preset {
  key: string
  pattern: NewPattern
}
/**
 * An item of the checklist; one that is not `wanted` is left out for the reasons in `why`.
 */
export interface PreviewItem {
  due_at: string | null
  item: ItemRule
  wanted: boolean
  why: Reason[]
}
/**
 * Who would be put into the room now, and why.
 */
export interface PreviewMember {
  person: Person
  room_role: 'lead' | 'responder' | 'viewer'
  why: Reason[]
}
/**
 * Try a template (as it is written, or one that is kept) on a past room or on facts; without one, the winner.
 */
export interface PreviewTemplate {
  facts?: AlarmFacts | null
  room_id?: string | null
  template?: RoomTemplate | null
  template_id?: string | null
}
/**
 * A template. `name_pattern` has fields in braces; `welcome` is Jinja2 in each language, see docs/templates.md. Of several that match, the most specific wins, then the higher `priority`, then the first by name.
 */
export interface RoomTemplate {
  checklist?: ItemRule[]
  closing_fields?: ('cause' | 'countermeasures' | 'downtime_reason' | 'lost_minutes' | 'part')[]
  enabled?: boolean
  escalation_policy?: string | null
  match?: TemplateMatch
  members?: MemberRule[]
  name: string
  name_pattern?: string
  priority?: number
  retention_days?: number | null
  runbooks?: Runbook[]
  webhook?: string | null
  welcome?: {
    [k: string]: string
  }
}
/**
 * Conditions; all of those that are given must hold. A code that ends with `*` stands for all that begin so.
 */
export interface TemplateMatch {
  areas?: string[]
  categories?: (
    'comm' | 'it' | 'machine' | 'maintenance' | 'material' | 'planned' | 'process' | 'quality' | 'safety' | 'utility'
  )[]
  codes?: string[]
  conditions?: string[]
  lines?: string[]
  machines?: string[]
  severities?: ('critical' | 'diagnostic' | 'high' | 'low' | 'medium')[]
  shifts?: string[]
  sites?: string[]
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
 * Put somebody into a team by hand.
 */
export interface PutTeamMember {
  lead?: boolean
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
 * Who reads, as far as `can` depends on it. `lines` = those of their teams, null = the whole site.
 */
export interface Reader {
  kind: 'bot' | 'machine' | 'person'
  lines?: string[] | null
  role: 'admin' | 'lead' | 'responder' | 'viewer'
  user_id: string
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
 * Make a former version the newest again; an archived template comes back with it.
 */
export interface RestoreTemplate {
  version: number
}
/**
 * Too old, from the future or of another epoch: fetch the snapshot, then subscribe from it.
 */
export interface ResyncRequired {
  op: 'resync_required'
  room: string
}
/**
 * Who may do one act: room roles, the lowest hub role that may whatever its room role, and in which statuses. `member`: only members (true), only who is none (false), either (null). `person`: bots may not. `archived`: in archived rooms and in no other.
 */
export interface Right {
  archived?: boolean
  member?: boolean | null
  person?: boolean
  roles: string[]
  site?: string | null
  when: string[]
}
/**
 * A member has another room role.
 */
export interface RoleChanged {
  role: 'guest' | 'lead' | 'owner' | 'responder' | 'viewer'
  user_id: string
}
/**
 * Out of the list, and read-only.
 */
export interface RoomArchived {}
/**
 * Facts changed by a person; absent = unchanged.
 */
export interface RoomChanged {
  line?: string | null
  title?: string | null
  visibility?: ('line' | 'members' | 'plant') | null
}
/**
 * A room's checklist and its template, null where it has none. `can_change`: whether I may add and check.
 */
export interface RoomChecklist {
  can_change: boolean
  items: ChecklistItem[]
  template: AppliedTemplate | null
}
/**
 * How many rooms of the list there are by status, by severity and by line (`` = no line).
 */
export interface RoomCounts {
  line: {
    [k: string]: number
  }
  severity: {
    [k: string]: number
  }
  status: {
    [k: string]: number
  }
  total: number
}
/**
 * Another room has to do with this one.
 */
export interface RoomLinked {
  other_id: string
}
/**
 * The incident goes on in another room (`into`), or another one's goes on here (`from`). Of the other room only its id, here and in links: all who read this one get it, and not all may open that one.
 */
export interface RoomMerged {
  direction: 'from' | 'into'
  other_id: string
}
/**
 * Seq 1 of every room; by a template, in this version.
 */
export interface RoomOpened {
  area?: string | null
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
  template_id?: string | null
  template_version?: number | null
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
 * A room in the list, with what is mine in it: `mentions` counts unread messages that call me, `can` = my acts.
 */
export interface RoomRow {
  am_member: boolean
  can?: (
    | 'add_member'
    | 'archive'
    | 'arrive'
    | 'call_all'
    | 'change_role'
    | 'change_visibility'
    | 'close'
    | 'delete_any'
    | 'delete_own'
    | 'edit_own'
    | 'false_alarm'
    | 'fill_closing'
    | 'give_back'
    | 'join'
    | 'leave'
    | 'link'
    | 'lower_severity'
    | 'merge'
    | 'monitor'
    | 'post'
    | 'raise_severity'
    | 'react'
    | 'remove_member'
    | 'rename'
    | 'reopen'
    | 'restore'
    | 'take'
    | 'transfer'
    | 'unarchive'
  )[]
  last_message: LastMessage | null
  last_read_seq: number
  members: number
  mentions?: number
  room: Room
  unread: number
}
/**
 * Back in the list.
 */
export interface RoomUnarchived {}
/**
 * It has nothing to do with it after all.
 */
export interface RoomUnlinked {
  other_id: string
}
/**
 * The template's welcome text, rendered once; its row has it in `content`, and by language in `metadata.text`.
 */
export interface RoomWelcomed {
  template_id: string
  template_version: number
}
/**
 * A roster that is kept.
 */
export interface Roster {
  can_change: boolean
  id: string
  pattern: {
    [k: string]: string
  }
  roster: NewRoster
  team: string
}
/**
 * Filters I keep.
 */
export interface SavedView {
  filters: ViewFilters
  id: string
  name: string
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
 * The shifts of a span of days. `today` is the plant's date, `zone` the plant's zone.
 */
export interface ShiftCalendar {
  can_change: boolean
  days: number
  from_day: string
  holidays: Holiday[]
  teams: CalendarTeam[]
  today: string
  zone: string
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
 * The room as of `as_of_seq`, as its `reader` sees it. Snapshot + later events = a fresh one (a law, tested), `can` included: it follows from `reader`, `room` and `members` by `hub.wire.rights`.
 */
export interface Snapshot {
  as_of_seq: number
  can: (
    | 'add_member'
    | 'archive'
    | 'arrive'
    | 'call_all'
    | 'change_role'
    | 'change_visibility'
    | 'close'
    | 'delete_any'
    | 'delete_own'
    | 'edit_own'
    | 'false_alarm'
    | 'fill_closing'
    | 'give_back'
    | 'join'
    | 'leave'
    | 'link'
    | 'lower_severity'
    | 'merge'
    | 'monitor'
    | 'post'
    | 'raise_severity'
    | 'react'
    | 'remove_member'
    | 'rename'
    | 'reopen'
    | 'restore'
    | 'take'
    | 'transfer'
    | 'unarchive'
  )[]
  checklist?: ChecklistItem[]
  epoch: string
  last_read_seq: number
  links: LinkedRoom[]
  members: Member[]
  messages: Message[]
  reader: Reader
  room: Room
}
/**
 * How somebody stands to a room they may read. `my_line`: they look after its line (or it has none).
 */
export interface Standing {
  archived?: boolean
  hub_role: string
  kind: string
  my_line: boolean
  room_role: string | null
  status: string
  visibility: string
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
 * A team. `key` is the name rules and imports use, `lines` those it looks after; none = the whole site.
 */
export interface Team {
  archived_at: string | null
  can: TeamCan
  created_at: string
  id: string
  key: string
  lines: string[]
  members: number
  name: string
}
/**
 * What the reader may do with a team: change its name, lines and archive; put people in and out by hand.
 */
export interface TeamCan {
  edit: boolean
  members: boolean
}
/**
 * A team with its people, by name.
 */
export interface TeamDetail {
  people: TeamMember[]
  team: Team
}
/**
 * Somebody in a team, by hand, by a group of the directory, or both; `lead` by either.
 */
export interface TeamMember {
  lead: boolean
  sources: ('directory' | 'hand')[]
  user: Person
}
/**
 * Exported templates: what `import` takes.
 */
export interface TemplateFile {
  format?: 'andon-templates/1'
  templates: RoomTemplate[]
}
/**
 * All templates, in the order in which they are considered; `can_add` whether I may add one.
 */
export interface TemplateList {
  can_add: boolean
  templates: TemplateView[]
}
/**
 * A template as it is now. `warnings` are what it names and the plant does not have. `PUT` takes `version`.
 */
export interface TemplateView {
  archived_at: string | null
  can_change: boolean
  edited_at: string
  edited_by: Person | null
  id: string
  template: RoomTemplate
  version: number
  warnings?: Reason[]
}
/**
 * What a template would do. `winner` is the template that a room would get, with the reasons for it.
 */
export interface TemplatePreview {
  checklist: PreviewItem[]
  facts: AlarmFacts
  matches: boolean
  members: PreviewMember[]
  name: string
  shifts: string[]
  warnings?: Reason[]
  welcome: {
    [k: string]: string
  }
  why: Reason[]
  why_not: Reason[]
  winner: string | null
  winner_name: string | null
  winner_why: Reason[]
}
/**
 * One version: it never changes.
 */
export interface TemplateVersion {
  change: 'added' | 'archived' | 'changed' | 'imported' | 'restored'
  edited_at: string
  edited_by: Person | null
  template: RoomTemplate
  version: number
}
/**
 * A one-time ticket for the first WebSocket frame. `expires_in` is in seconds.
 */
export interface Ticket {
  expires_in: number
  ticket: string
}
/**
 * Move the incident to a status; the reason stands in the timeline. Closing may bring the closing form.
 */
export interface Transition {
  closing?: ClosingForm | null
  reason?: string | null
  to: 'acknowledged' | 'closed' | 'false_alarm' | 'merged' | 'monitoring' | 'on_site' | 'open' | 'restored'
}
/**
 * A user in a list. What comes after `kind` only admins see, and only where they asked for everyone.
 */
export interface UserRow {
  disabled_at?: string | null
  id: string
  kind: 'bot' | 'machine' | 'person'
  name: string
  role?: ('admin' | 'lead' | 'responder' | 'viewer') | null
  source?: ('directory' | 'local') | null
  username?: string | null
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
