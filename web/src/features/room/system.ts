import type { TFunction } from 'i18next'
import { spanOf } from '../../lib/format'
import type { IconName } from '../../ui/Icon'
import { DIGIT } from '../../ui/SeverityMark'
import type { Message, Person, Room, Severity, Status } from '../../wire'

type Params = Record<string, unknown>

export interface SystemFact {
  event: string
  params: Params
}

/** What a system row says, without words: `metadata {event, params}`. */
export function factOf(message: Message): SystemFact {
  const { event, params } = message.metadata as { event?: string; params?: Params }
  return { event: event ?? '', params: params ?? {} }
}

const personIn = (params: Params, name: string): Person | null => (params[name] as Person | undefined) ?? null

const STATUS_ICON: Record<Status, IconName> = {
  open: 'undo',
  acknowledged: 'take',
  on_site: 'arrive',
  restored: 'check',
  monitoring: 'clock',
  closed: 'latched',
  merged: 'link',
  false_alarm: 'close',
}
const ICON: Record<string, IconName> = {
  RoomOpened: 'flag',
  RoomWelcomed: 'people',
  RoomChanged: 'info',
  SeverityChanged: 'severity',
  MemberAdded: 'joined',
  MemberRemoved: 'left_room',
  RoleChanged: 'people',
  RoomMerged: 'link',
  RoomLinked: 'link',
  RoomUnlinked: 'link',
}

export function iconOf({ event, params }: SystemFact): IconName {
  if (event === 'StatusChanged') return STATUS_ICON[params.to_status as Status] ?? 'info'
  return ICON[event] ?? 'info'
}

interface Reader {
  t: TFunction
  room: Room
  me: string
  /** The code of the other room a row speaks of, where the reader may open it. */
  other?: string | undefined
}

const otherOf = ({ t, other }: Reader): string => other ?? t('system.anotherRoom')

function nameOf(person: Person | null, { t, me }: Reader): string {
  if (!person) return t('system.someone')
  return person.id === me ? t('room.you') : person.name
}

function statusWords(message: Message, { params }: SystemFact, reader: Reader): string {
  const { t, room } = reader
  const [from, to] = [params.from_status as Status, params.to_status as Status]
  const raised = Date.parse(room.first_raised_at ?? room.opened_at)
  const { key, values } = spanOf(Date.parse(message.created_at) - raised, true)
  const source = params.by_source === true && (to === 'restored' || to === 'open') ? '_source' : ''
  const released = !source && to === 'open' && from !== 'closed' && from !== 'false_alarm' && from !== 'restored' ? '_released' : ''
  return t(`system.StatusChanged_${to}${source}${released}`, {
    who: nameOf(message.sender, reader),
    span: t(key, values),
    defaultValue: t(`status.${to}`),
  })
}

function severityWords(message: Message, { params }: SystemFact, reader: Reader): string {
  const { t } = reader
  const [from, to] = [params.from_severity as Severity, params.to_severity as Severity]
  const severity = t(`severity.${to}`)
  return DIGIT[to] < DIGIT[from] ? t('system.severityUp', { severity }) : t('system.severityDown', { severity, who: nameOf(message.sender, reader) })
}

function memberWords(message: Message, { event, params }: SystemFact, reader: Reader): string {
  const user = personIn(params, 'user')
  if (params.expired === true) return reader.t('system.MemberExpired', { user: nameOf(user, reader) })
  const byOther = message.sender !== null && message.sender.id !== user?.id
  const key = `system.${event}${byOther ? 'By' : ''}` as 'system.MemberAdded'
  return reader.t(key, { user: nameOf(user, reader), who: nameOf(message.sender, reader) })
}

function changedWords(message: Message, { params }: SystemFact, reader: Reader): string {
  const { t } = reader
  const who = nameOf(message.sender, reader)
  const facts = [
    params.title ? t('system.title', { who, title: params.title }) : null,
    params.visibility ? t('system.visibility', { who, visibility: t(`system.visibility_${String(params.visibility)}`) }) : null,
    params.line ? t('system.line', { who, line: params.line }) : null,
  ]
  return facts.filter((it) => it !== null).join(t('room.comma'))
}

/** A system row in the reader's language. */
export function systemWords(message: Message, reader: Reader): string {
  const fact = factOf(message)
  const { t } = reader
  switch (fact.event) {
    case 'RoomOpened':
      return message.sender?.kind === 'person' ? t('system.RoomOpenedBy', { who: nameOf(message.sender, reader) }) : t('system.RoomOpened')
    case 'StatusChanged':
      return statusWords(message, fact, reader)
    case 'SeverityChanged':
      return severityWords(message, fact, reader)
    case 'MemberAdded':
    case 'MemberRemoved':
      return memberWords(message, fact, reader)
    case 'RoleChanged': {
      const role = t(`roomRole.${fact.params.role as 'owner'}`)
      return t('system.RoleChanged', { user: nameOf(personIn(fact.params, 'user'), reader), role })
    }
    case 'RoomChanged':
      return changedWords(message, fact, reader)
    case 'RoomWelcomed':
      return t('system.RoomWelcomed')
    case 'RoomMerged':
      return t(`system.RoomMerged_${fact.params.direction as 'into'}`, { who: nameOf(message.sender, reader), code: otherOf(reader) })
    case 'RoomLinked':
    case 'RoomUnlinked':
      return t(`system.${fact.event}`, { who: nameOf(message.sender, reader), code: otherOf(reader) })
    case 'RoomArchived':
    case 'RoomUnarchived':
    case 'ClosingFilled':
      return t(`system.${fact.event}`, { who: nameOf(message.sender, reader) })
    default:
      return t('system.other', { event: fact.event })
  }
}

/** Several people who joined within half a minute are one row. */
export function joinedWords(messages: readonly Message[], reader: Reader): string {
  const users = messages.map((it) => nameOf(personIn(factOf(it).params, 'user'), reader))
  return reader.t('system.MembersAdded', { count: users.length, users: users.join(reader.t('room.list')) })
}
