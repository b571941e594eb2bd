import type { TFunction } from 'i18next'
import { figureOf, timeOf } from '../../lib/format'
import { rankOf } from '../../log/lobby'
import type { Chip } from '../../ui/StateChip'
import type { IncidentData, Message, Room } from '../../wire'

/** The card of an occurrence, where a message carries one. */
export function cardOf(message: Message): IncidentData | null {
  const card = message.metadata as Partial<IncidentData>
  return message.type === 'incident_data' && card.state && card.times ? (card as IncidentData) : null
}

/** A card and when the hub first wrote it down. */
export interface Lead {
  card: IncidentData
  loggedAt: string
}

const byUrgency = ({ card: a }: Lead, { card: b }: Lead) =>
  rankOf(a.severity) - rankOf(b.severity) || Date.parse(a.times.raised_at) - Date.parse(b.times.raised_at)

/** The card that speaks for the room: the worst still active, else the first raised. */
export function leadOf(messages: readonly Message[]): Lead | null {
  const leads = messages.flatMap((it) => {
    const card = cardOf(it)
    return card ? [{ card, loggedAt: it.created_at }] : []
  })
  const active = leads.filter(({ card }) => card.state.active === true)
  return [...active].sort(byUrgency)[0] ?? leads[0] ?? null
}

export const leadCard = (messages: readonly Message[]) => leadOf(messages)?.card ?? null

const guardsLow = (card: IncidentData) => /lo(w|lo)?$/i.test(card.condition ?? '')

/** Beyond its limit; a low limit is known by the condition's name. */
export function beyondLimit(card: IncidentData): boolean {
  const { value, limit } = card
  if (typeof value !== 'number' || typeof limit !== 'number') return false
  return guardsLow(card) ? value < limit : value > limit
}

export function limitWords(card: IncidentData, t: TFunction): string | null {
  if (card.limit === null || card.limit === undefined) return null
  return t(guardsLow(card) ? 'alarm.limitLow' : 'alarm.limit', { limit: figureOf(card.limit) })
}

/** `268.4 °C，上限 255 °C` */
export function valueWords(card: IncidentData, t: TFunction): string {
  if (card.value === null || card.value === undefined) return ''
  const value = [figureOf(card.value), card.unit].filter(Boolean).join(' ')
  return [value, limitWords(card, t)].filter(Boolean).join(t('room.comma'))
}

function activity(card: IncidentData, t: TFunction): Chip {
  if (card.state.active === null) return { key: 'active', word: t('alarm.unknown'), icon: 'bell', look: 'outline' }
  if (card.state.active) return { key: 'active', word: t('alarm.active'), icon: 'bell', look: card.severity }
  const returned = card.times.returned_at
  return { key: 'active', word: returned ? t('alarm.returnedAt', { time: timeOf(returned) }) : t('alarm.returned'), icon: 'check', look: 'ok' }
}

function acknowledged(card: IncidentData, t: TFunction): Chip[] {
  const at = card.times.acked_at
  if (card.state.acked === true) return [{ key: 'acked', word: at ? t('alarm.ackedAt', { time: timeOf(at) }) : t('alarm.acked'), icon: 'sourceAck' }]
  if (card.state.acked !== false) return []
  return [{ key: 'acked', word: t(card.state.active ? 'alarm.unacked' : 'alarm.rtnUnacked'), icon: 'unacked', look: 'outline' }]
}

/** What the machine says, as chips: active, acknowledged at the source, latched, set aside, stale. */
export function stateChips(card: IncidentData, t: TFunction): Chip[] {
  const chips = [activity(card, t), ...acknowledged(card, t)]
  if (card.state.latched) chips.push({ key: 'latched', word: t('alarm.latched'), icon: 'latched', look: 'outline' })
  if (card.isa === 'SHLVD') chips.push({ key: 'isa', word: t('alarm.shelved'), icon: 'shelved' })
  if (card.isa === 'DSUPR') chips.push({ key: 'isa', word: t('alarm.suppressed'), icon: 'hide' })
  if (card.isa === 'OOSRV') chips.push({ key: 'isa', word: t('alarm.outOfService'), icon: 'service', look: 'outline' })
  if (card.state.stale || card.quality === 'stale') chips.push({ key: 'stale', word: t('alarm.stale'), icon: 'stale', look: 'stale' })
  if (card.count > 1) chips.push({ key: 'count', word: t('alarm.count', { n: card.count }), icon: 'chatter' })
  return chips
}

/** The band's chips: severity word, the lead alarm's state, how many are active, and the incident's status. */
export function roomChips(room: Room, card: IncidentData | null, t: TFunction): Chip[] {
  const severity: Chip = { key: 'severity', word: t(`severity.${room.severity}`), look: room.severity }
  const many: Chip[] = room.active_alarms > 1 ? [{ key: 'many', word: t('alarm.activeCount', { n: room.active_alarms }), icon: 'flag' }] : []
  const status: Chip = { key: 'status', word: t(`status.${room.status}`), look: 'outline' }
  return [severity, ...(card ? stateChips(card, t) : []), ...many, status]
}
