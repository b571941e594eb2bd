import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNow } from '../../lib/clock'
import { dayKey, dayOf, timeOf } from '../../lib/format'
import { openBroadcasts } from '../../log/broadcasts'
import { Button } from '../../ui/Button'
import { RichText } from '../../ui/RichText'
import { SeverityMark } from '../../ui/SeverityMark'
import type { Broadcast } from '../../wire'
import classes from './Broadcast.module.css'

function Line({ broadcast, seen }: { broadcast: Broadcast; seen: (id: string) => void }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const { id, severity, text, sender, created_at } = broadcast
  const day = dayKey(created_at) === dayKey(now) ? '' : `${dayOf(created_at, i18n.language)} `
  return (
    <li className={classes.line} data-severity={severity}>
      <SeverityMark severity={severity} size={24} />
      <div className={classes.words}>
        <p dir="auto">
          <RichText text={text} calls={{ people: [], me: '' }} />
        </p>
        <small>{t('broadcast.from', { name: sender?.name ?? t('system.someone'), time: `${day}${timeOf(created_at)}` })}</small>
      </div>
      <Button height={44} icon="check" className={classes.seen} onClick={() => seen(id)}>
        {t('broadcast.seen')}
      </Button>
    </li>
  )
}

/** Words to everybody, a line, a room or me, on top of every page until I have seen them. */
export function BroadcastBanner({ broadcasts, seen }: { broadcasts: readonly Broadcast[]; seen: (id: string) => void }) {
  const { t } = useTranslation()
  const now = useNow()
  const [all, setAll] = useState(false)
  const open = openBroadcasts(broadcasts, now)
  if (open.length === 0) return null
  const rest = open.length - 1
  return (
    <section className={classes.banner} aria-label={t('broadcast.region')}>
      <div role="status">
        <ul>
          {open.slice(0, all ? open.length : 1).map((it) => (
            <Line key={it.id} broadcast={it} seen={seen} />
          ))}
        </ul>
      </div>
      {rest > 0 && (
        <button type="button" className={classes.more} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t('broadcast.less') : t('broadcast.more', { count: rest })}
        </button>
      )}
    </section>
  )
}
