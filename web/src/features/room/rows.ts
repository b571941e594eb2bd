import { dayKey } from '../../lib/format'
import type { Pending } from '../../log/outbox'
import type { IncidentData, Message } from '../../wire'
import { cardOf } from './card'
import { factOf } from './system'

/** What stands in the timeline, in order. `first` starts a block of one person: marker and name are shown. */
export type Row =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'new'; key: string }
  | { kind: 'gap'; key: string; ms: number }
  | { kind: 'talk'; key: string; message: Message; first: boolean }
  | { kind: 'alarm'; key: string; message: Message; card: IncidentData }
  | { kind: 'system'; key: string; messages: Message[] }
  | { kind: 'pending'; key: string; entry: Pending; first: boolean; position: number }

const BLOCK_MS = 3 * 60_000
const JOIN_MS = 30_000
const GAP_MS = 30 * 60_000

const at = (message: Message) => Date.parse(message.created_at)

function sameBlock(before: Row | undefined, message: Message): boolean {
  if (before?.kind !== 'talk' || before.message.sender?.id !== message.sender?.id) return false
  return at(message) - at(before.message) <= BLOCK_MS
}

function joins(before: Row | undefined, message: Message): before is Extract<Row, { kind: 'system' }> {
  if (before?.kind !== 'system' || factOf(message).event !== 'MemberAdded') return false
  const last = before.messages.at(-1)
  return last !== undefined && factOf(last).event === 'MemberAdded' && at(message) - at(last) <= JOIN_MS
}

function rowOf(message: Message, before: Row | undefined): Row {
  const key = message.message_id
  const card = cardOf(message)
  if (card) return { kind: 'alarm', key, message, card }
  if (message.type === 'system') return { kind: 'system', key, messages: [message] }
  return { kind: 'talk', key, message, first: !sameBlock(before, message) }
}

/** Lines between two messages: another day, a long silence, the first one I have not read. */
function separators(message: Message, before: Message | undefined, firstNewSeq: number | null): Row[] {
  const rows: Row[] = []
  const otherDay = !before || dayKey(before.created_at) !== dayKey(message.created_at)
  if (otherDay) rows.push({ kind: 'day', key: `day-${message.seq}`, at: message.created_at })
  else if (at(message) - at(before) > GAP_MS) rows.push({ kind: 'gap', key: `gap-${message.seq}`, ms: at(message) - at(before) })
  if (message.seq === firstNewSeq) rows.push({ kind: 'new', key: 'new' })
  return rows
}

function pendingRows(pending: readonly Pending[], me: string, last: Row | undefined): Row[] {
  const waiting = pending.filter((it) => it.state === 'queued' || it.state === 'sending').map((it) => it.id)
  const follows = last?.kind === 'talk' && last.message.sender?.id === me
  return pending.map((entry, n) => ({
    kind: 'pending',
    key: entry.id,
    entry,
    first: n === 0 && !follows,
    position: waiting.indexOf(entry.id) + 1,
  }))
}

/** The first message after my read mark that is not mine; null when nothing is new or nothing was ever read. */
export function firstNew(messages: readonly Message[], lastReadSeq: number, me: string): number | null {
  if (lastReadSeq <= 0) return null
  return messages.find((it) => it.seq > lastReadSeq && it.sender?.id !== me)?.seq ?? null
}

/** Acting in a room makes one a member: that row says nothing beside the act that follows it. */
function saysNothing(message: Message, next: Message | undefined): boolean {
  if (factOf(message).event !== 'MemberAdded' || !next) return false
  const { user } = factOf(message).params as { user?: { id: string } }
  const self = message.sender !== null && user?.id === message.sender.id
  return self && next.sender?.id === message.sender?.id && at(next) - at(message) < 2000
}

/** The timeline of a room: its messages in order, then what is still on its way from here. Pure. */
export function rowsOf(messages: readonly Message[], pending: readonly Pending[], firstNewSeq: number | null, me: string): Row[] {
  const rows: Row[] = []
  let before: Message | undefined
  for (const [n, message] of messages.entries()) {
    if (message.type === 'system' && message.seq !== firstNewSeq && saysNothing(message, messages[n + 1])) continue
    rows.push(...separators(message, before, firstNewSeq))
    const last = rows.at(-1)
    if (joins(last, message)) rows[rows.length - 1] = { ...last, messages: [...last.messages, message] }
    else rows.push(rowOf(message, last))
    before = message
  }
  const arrived = new Set(messages.map((it) => it.client_msg_id))
  const open = pending.filter((it) => !arrived.has(it.id))
  return [...rows, ...pendingRows(open, me, rows.at(-1))]
}
