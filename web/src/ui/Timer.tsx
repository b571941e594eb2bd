import { useTranslation } from 'react-i18next'
import { useNow } from '../lib/clock'
import { clockOf, spanOf, timeOf } from '../lib/format'

/** A running clock since `since`, ticking with the hub's time; readers hear only when it started. */
export function Timer({ since }: { since: string }) {
  const now = useNow()
  const { t } = useTranslation()
  return (
    <span role="timer" aria-live="off" aria-label={t('room.since', { time: timeOf(since, true) })}>
      {clockOf(now - Date.parse(since))}
    </span>
  )
}

/** A span in words of the reader's language; `fine` adds seconds below an hour. */
export function Span({ ms, fine }: { ms: number; fine?: boolean }) {
  const { t } = useTranslation()
  const { key, values } = spanOf(ms, fine)
  return <>{t(key, values)}</>
}
