import { canIn } from '../log/rights'
import type { IncidentData, Message, Person, Room, RoomEvent, RoomRow, Snapshot } from '../wire'

/** Well-formed values for tests; each takes what the test cares about. */
export const CHEN: Person = { id: 'u-chen', name: '陳柏宇', kind: 'person' }
export const LIN: Person = { id: 'u-lin', name: '林雅婷', kind: 'person' }
export const ROOM = '01890000-0000-7000-8000-000000000001'

/** 03:07:12 plus seconds, of one night. */
export const at = (seconds = 0) => new Date(Date.UTC(2026, 10, 22, 3, 7, 12) + seconds * 1000).toISOString()

export function room(change: Partial<Room> = {}): Room {
  return {
    id: ROOM,
    code: 'INC-000142',
    title: '第 5 溫區超溫',
    fault: { 'zh-TW': '第 5 溫區超溫', en: 'Zone 5 over-temperature' },
    site: '竹北廠',
    line: 'SMT-3',
    machine: 'RO-03',
    category: 'machine',
    severity: 'critical',
    status: 'open',
    visibility: 'line',
    owner: null,
    opened_at: at(1),
    first_raised_at: at(),
    acknowledged_at: null,
    on_site_at: null,
    restored_at: null,
    monitoring_at: null,
    closed_at: null,
    active_alarms: 1,
    last_seq: 1,
    area: null,
    reopened: 0,
    archived_at: null,
    merged_into: null,
    ...change,
  }
}

export function message(seq: number, change: Partial<Message> = {}): Message {
  const sender = LIN
  return { message_id: `m-${seq}`, room_id: ROOM, seq, type: 'text', sender, content: `第 ${seq} 則`, metadata: {}, created_at: at(seq * 10), ...change }
}

export function system(seq: number, event: string, params: Record<string, unknown> = {}, change: Partial<Message> = {}): Message {
  return message(seq, { type: 'system', content: '', metadata: { event, params }, ...change })
}

export function card(change: Partial<IncidentData> = {}): IncidentData {
  return {
    occurrence_id: 'o-1',
    alarm_key: 'neuron:RO-03.Z5',
    source: 'neuron',
    key: 'RO-03.Z5',
    text: { 'zh-TW': '第 5 溫區超溫', en: 'Zone 5 over-temperature' },
    severity: 'critical',
    state: { active: true, acked: null },
    isa: 'UNACK',
    times: { received_at: at(0.43), raised_at: at(), source_at: at() },
    count: 1,
    code: 'E-2105',
    value: 268.4,
    limit: 255,
    unit: '°C',
    ...change,
  }
}

export const cardMessage = (seq: number, it: IncidentData) => message(seq, { type: 'incident_data', sender: null, content: '', metadata: { ...it } })

export function snapshot(change: Partial<Snapshot> = {}): Snapshot {
  const opened = system(1, 'RoomOpened')
  const reader = { user_id: CHEN.id, role: 'responder' as const, kind: 'person' as const, lines: null }
  const state = { epoch: 'e1', as_of_seq: 1, room: room(), members: [], messages: [opened], last_read_seq: 0, links: [], reader, can: [], ...change }
  return { ...state, can: change.can ?? canIn(state) }
}

export function event(seq: number, type: string, body: Record<string, unknown> = {}, actor: Person | null = CHEN): RoomEvent {
  return { room: ROOM, seq, type, actor, at: at(seq * 10), body }
}

export function row(change: Partial<Room> = {}, mine: Partial<RoomRow> = {}): RoomRow {
  return { room: room(change), last_message: null, members: 0, unread: 0, last_read_seq: 0, am_member: false, ...mine }
}
