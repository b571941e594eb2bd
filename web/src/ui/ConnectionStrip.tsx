import { useTranslation } from 'react-i18next'
import { useNow, serverNow } from '../lib/clock'
import { clockOf, timeOf } from '../lib/format'
import { Button } from './Button'
import classes from './ConnectionStrip.module.css'
import { Icon } from './Icon'

export interface Connection {
  /** ms of this device since nothing is live; null while it is. */
  downSince: number | null
  stop: { why: 'signin' | 'other_tab' | 'reload' | 'refused'; code: number } | null
  waiting: number
}

/** Shown after this long without a connection: a blip needs no strip. */
export const PATIENCE_MS = 2500

const WHY = { other_tab: 'net.otherTab', reload: 'net.reload', refused: 'net.stopped' } as const

function Stopped({ why, code }: { why: keyof typeof WHY; code: number }) {
  const { t } = useTranslation()
  return (
    <div className={classes.strip} role="status">
      <Icon name="info" size={24} />
      <b className="grow">{t(WHY[why], { code })}</b>
      <Button icon="again" onClick={() => location.reload()}>
        {t('net.reloadNow')}
      </Button>
    </div>
  )
}

/** Old data looks old: how long nothing came, as of when the page is, and what waits to be sent. */
export function ConnectionStrip({ connection, retry }: { connection: Connection; retry: () => void }) {
  const { t } = useTranslation()
  const now = useNow()
  const { downSince, stop, waiting } = connection
  if (stop && stop.why !== 'signin') return <Stopped why={stop.why} code={stop.code} />
  if (downSince === null) return null
  const since = serverNow(downSince)
  if (now - since < PATIENCE_MS) return null
  const facts = [t('net.asOf', { time: timeOf(new Date(since).toISOString(), true) }), waiting > 0 && t('net.toSend', { count: waiting })]
  return (
    <div className={classes.strip} role="status" aria-live="polite">
      <Icon name="offline" size={24} />
      <div className={classes.words}>
        <b aria-live="off">{t('net.offline', { time: clockOf(now - since) })}</b>
        <span>{facts.filter(Boolean).join(' · ')}</span>
      </div>
      <Button icon="again" onClick={retry}>
        {t('net.retry')}
      </Button>
    </div>
  )
}
