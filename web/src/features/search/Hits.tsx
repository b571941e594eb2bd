import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { dayKey, textIn, timeOf } from '../../lib/format'
import { SeverityMark } from '../../ui/SeverityMark'
import type { SearchHit } from '../../wire'
import { type Group, grouped } from './asked'
import classes from './SearchPage.module.css'

/** Who said it, when, and the sentence with what was looked for in it. */
function Hit({ hit: { message, snippet } }: { hit: SearchHit }) {
  const { t } = useTranslation()
  const who = message.type === 'text' ? (message.sender?.name ?? t('system.someone')) : t(`search.kinds.${message.type}`)
  return (
    <li>
      <Link to="/rooms/$roomId" params={{ roomId: message.room_id }} search={{ at: message.seq }} className={classes.hit} data-hit>
        <span className={classes.who}>
          <b className="ell">{who}</b>
          <time dateTime={message.created_at}>{`${dayKey(message.created_at)} ${timeOf(message.created_at)}`}</time>
        </span>
        <span className={classes.snippet} dir="auto">
          {snippet.map((part, place) => (part.hit ? <mark key={place}>{part.text}</mark> : <span key={place}>{part.text}</span>))}
        </span>
      </Link>
    </li>
  )
}

function RoomHits({ group: { room, hits } }: { group: Group }) {
  const { t, i18n } = useTranslation()
  const title = [room.machine ?? room.line, textIn(room.fault, i18n.language, room.title)].filter(Boolean).join(' ')
  return (
    <section className={classes.group} aria-label={title}>
      <h2 className={classes.room}>
        <SeverityMark severity={room.severity} />
        <span className="ell">{title}</span>
        <small className="muted">{`${room.code} · ${t(`status.${room.status}`)}`}</small>
      </h2>
      <ul>
        {hits.map((hit) => (
          <Hit key={hit.message.message_id} hit={hit} />
        ))}
      </ul>
    </section>
  )
}

/** Hits by room, each in its sentence. */
export function Hits({ hits }: { hits: readonly SearchHit[] }) {
  return grouped(hits).map((group) => <RoomHits key={group.room.id} group={group} />)
}
