import { memo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { textIn, timeOf } from '../../lib/format'
import { wordOf } from '../../lib/words'
import type { Pending } from '../../log/outbox'
import { Avatar } from '../../ui/Avatar'
import { Icon } from '../../ui/Icon'
import { RichText } from '../../ui/RichText'
import { SeverityMark } from '../../ui/SeverityMark'
import { StateChip } from '../../ui/StateChip'
import type { IncidentData, Message, Person, Room, Text } from '../../wire'
import { stateChips, valueWords } from './card'
import { Frame } from './Frame'
import { factOf, iconOf, joinedWords, systemWords } from './system'
import classes from './Timeline.module.css'
import { useCodeOf } from './useCodeOf'

/** A source this late gets its own time beside the log's. */
const LATE_MS = 10_000

export const AlarmRow = memo(function AlarmRow({ message, card }: { message: Message; card: IncidentData }) {
  const { t, i18n } = useTranslation()
  const [state] = stateChips(card, t)
  const late = Date.parse(message.created_at) - Date.parse(card.times.raised_at)
  const quiet = card.state.active === true && !card.state.stale
  return (
    <Frame seq={message.seq} at={message.created_at} seconds kind="alarm" marker={<SeverityMark severity={card.severity} />}>
      <b>{textIn(card.text, i18n.language, card.key)}</b>
      {card.code && <span className="mono">{card.code}</span>}
      <span>{valueWords(card, t)}</span>
      {card.machine && <span className="muted">{card.machine}</span>}
      {late > LATE_MS && <span className="muted">{`${t('rail.raised')} ${timeOf(card.times.raised_at, true)}`}</span>}
      {card.count > 1 && <StateChip word={t('alarm.count', { n: card.count })} icon="chatter" />}
      {state && !quiet && <StateChip word={state.word} icon={state.icon} look={state.look} />}
    </Frame>
  )
})

/** The acting person's name stands out; the rest of the sentence is quiet. */
function bold(words: string, name: string): ReactNode {
  const from = words.indexOf(name)
  if (from < 0) return words
  return (
    <>
      {words.slice(0, from)}
      <b>{name}</b>
      {words.slice(from + name.length)}
    </>
  )
}

interface SystemProps {
  messages: Message[]
  room: Room
  me: string
}

function SystemLine({ messages, room, me, other }: SystemProps & { other?: string | undefined }) {
  const { t, i18n } = useTranslation()
  const message = messages[0]
  if (!message) return null
  const said = textIn((message.metadata.text ?? {}) as Text, i18n.language, message.content)
  const reader = { t, room, me, other }
  const words = messages.length > 1 ? joinedWords(messages, reader) : systemWords(message, reader)
  return (
    <Frame seq={message.seq} at={message.created_at} seconds kind="system" marker={<Icon name={iconOf(factOf(message))} size={18} className="muted" />}>
      {bold(words, message.sender && message.sender.id !== me ? message.sender.name : t('room.you'))}
      {said && <p className={`muted ${classes.text}`}>{said}</p>}
    </Frame>
  )
}

/** A row that speaks of another room: its code comes from that room. */
function LinkLine({ otherId, ...row }: SystemProps & { otherId: string }) {
  return <SystemLine {...row} other={useCodeOf(otherId)} />
}

export const SystemRow = memo(function SystemRow(row: SystemProps) {
  const otherId = row.messages[0] && factOf(row.messages[0]).params.other_id
  return typeof otherId === 'string' ? <LinkLine {...row} otherId={otherId} /> : <SystemLine {...row} />
})

interface PendingProps {
  entry: Pending
  first: boolean
  position: number
  /** Not connected: it waits instead of being sent. */
  offline: boolean
  person: Person
  /** Whose names may stand in it. */
  people: readonly Person[]
  retry: (id: string) => void
  edit: (entry: Pending) => void
  discard: (id: string) => void
}

function Failed({ entry, retry, edit, discard }: Pick<PendingProps, 'entry' | 'retry' | 'edit' | 'discard'>) {
  const { t } = useTranslation()
  const reason = wordOf(entry.reason, t)
  return (
    <div className={classes.failed} role="alert">
      <span>{t('outbox.failed', { reason })}</span>
      <button type="button" onClick={() => retry(entry.id)}>
        {t('outbox.retry')}
      </button>
      <button type="button" onClick={() => edit(entry)}>
        {t('outbox.edit')}
      </button>
      <button type="button" onClick={() => discard(entry.id)}>
        {t('outbox.remove')}
      </button>
    </div>
  )
}

function Standing({ entry, position, offline }: Pick<PendingProps, 'entry' | 'position' | 'offline'>) {
  const { t } = useTranslation()
  if (entry.state === 'sending' && !offline) return <span className={`${classes.standing} ${classes.late}`}>{t('outbox.sending')}</span>
  if (entry.state !== 'queued' && entry.state !== 'sending') return null
  if (!offline) return null
  return (
    <span className={classes.standing} data-wait>
      <Icon name="clock" size={14} /> {t('outbox.waiting', { n: position })}
    </span>
  )
}

/** My own words before the hub has them: shown at once, marked only when they have to wait. */
export function PendingRow({ entry, first, position, offline, person, people, ...acts }: PendingProps) {
  const { t } = useTranslation()
  return (
    <Frame at={new Date(entry.at).toISOString()} kind="talk" first={first} marker={first ? <Avatar person={person} me /> : null}>
      {first && (
        <div className={classes.who}>
          <b>{person.name}</b>
          <span>{t('room.you')}</span>
        </div>
      )}
      <div className={classes.text} data-pending={entry.state !== 'sent'}>
        <RichText text={entry.content} calls={{ people, me: person.id }} />
      </div>
      {entry.state === 'failed' ? <Failed entry={entry} {...acts} /> : <Standing entry={entry} position={position} offline={offline} />}
    </Frame>
  )
}
