import { memo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { textIn, timeOf } from '../../lib/format'
import type { Pending } from '../../log/outbox'
import { Avatar } from '../../ui/Avatar'
import { Icon } from '../../ui/Icon'
import { SeverityMark } from '../../ui/SeverityMark'
import { StateChip } from '../../ui/StateChip'
import type { IncidentData, Member, Message, Person, Room } from '../../wire'
import { stateChips, valueWords } from './card'
import { factOf, iconOf, joinedWords, systemWords } from './system'
import classes from './Timeline.module.css'

interface FrameProps {
  /** The seq of what is shown; none while it is on its way. */
  seq?: number
  at: string
  seconds?: boolean
  marker: ReactNode
  kind: string
  first?: boolean
  children: ReactNode
}

/** Time 76, marker 32, text: the three columns every voice keeps. */
function Frame({ seq, at, seconds, marker, kind, first, children }: FrameProps) {
  return (
    <div className={classes.row} data-seq={seq} data-kind={kind} data-first={first}>
      <time dateTime={at} title={timeOf(at, true)}>
        <span>{timeOf(at)}</span>
        {seconds && <span className={classes.seconds}>{timeOf(at, true).slice(5)}</span>}
      </time>
      <div className={classes.marker}>{marker}</div>
      <div className={classes.body}>{children}</div>
    </div>
  )
}

const roleOf = (members: readonly Member[], person: Person | null) => members.find((it) => it.user.id === person?.id)?.role

function Who({ person, me, members }: { person: Person | null; me: string; members: readonly Member[] }) {
  const { t } = useTranslation()
  const role = roleOf(members, person)
  return (
    <div className={classes.who}>
      <b>{person ? person.name : t('system.someone')}</b>
      {person?.id === me && <span>{t('room.you')}</span>}
      {person?.kind === 'bot' && <span>{t('room.bot')}</span>}
      {role && role !== 'responder' && <span>{t(`roomRole.${role}`)}</span>}
    </div>
  )
}

interface TalkProps {
  message: Message
  first: boolean
  me: string
  members: readonly Member[]
}

export const TalkRow = memo(function TalkRow({ message, first, me, members }: TalkProps) {
  const { t } = useTranslation()
  const { sender } = message
  const marker = first && sender ? <Avatar person={sender} me={sender.id === me} /> : null
  return (
    <Frame seq={message.seq} at={message.created_at} kind="talk" first={first} marker={marker}>
      {first && <Who person={sender} me={me} members={members} />}
      <div className={classes.text} dir="auto">
        {message.deleted_at ? <span className="muted">{t('room.deleted')}</span> : message.content}
        {message.edited_at && !message.deleted_at && <small className={classes.note}>{t('room.edited')}</small>}
      </div>
    </Frame>
  )
})

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

export const SystemRow = memo(function SystemRow({ messages, room, me }: { messages: Message[]; room: Room; me: string }) {
  const { t } = useTranslation()
  const message = messages[0]
  if (!message) return null
  const reader = { t, room, me }
  const words = messages.length > 1 ? joinedWords(messages, reader) : systemWords(message, reader)
  return (
    <Frame seq={message.seq} at={message.created_at} seconds kind="system" marker={<Icon name={iconOf(factOf(message))} size={18} className="muted" />}>
      {bold(words, message.sender && message.sender.id !== me ? message.sender.name : t('room.you'))}
      {message.content && <p className="muted">{message.content}</p>}
    </Frame>
  )
})

interface PendingProps {
  entry: Pending
  first: boolean
  position: number
  /** Not connected: it waits instead of being sent. */
  offline: boolean
  person: Person
  retry: (id: string) => void
  edit: (entry: Pending) => void
  discard: (id: string) => void
}

function Failed({ entry, retry, edit, discard }: Pick<PendingProps, 'entry' | 'retry' | 'edit' | 'discard'>) {
  const { t } = useTranslation()
  const reason = t(`problem.${entry.reason}`, { defaultValue: t('problem.other', { code: entry.reason }) })
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
export function PendingRow({ entry, first, position, offline, person, ...acts }: PendingProps) {
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
        {entry.content}
      </div>
      {entry.state === 'failed' ? <Failed entry={entry} {...acts} /> : <Standing entry={entry} position={position} offline={offline} />}
    </Frame>
  )
}
