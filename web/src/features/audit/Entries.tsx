import { Link } from '@tanstack/react-router'
import { Fragment, memo } from 'react'
import { useTranslation } from 'react-i18next'
import { dateTime } from '../../lib/format'
import type { AuditEntry } from '../../wire'
import classes from './Audit.module.css'

const written = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

function Facts({ title, facts }: { title: string; facts: Record<string, unknown> | null | undefined }) {
  const pairs = Object.entries(facts ?? {})
  if (pairs.length === 0) return null
  return (
    <>
      <h3>{title}</h3>
      <dl className={classes.facts}>
        {pairs.map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd className="mono">{written(value)}</dd>
          </Fragment>
        ))}
      </dl>
    </>
  )
}

const Entry = memo(function Entry({ entry }: { entry: AuditEntry }) {
  const { t, i18n } = useTranslation()
  return (
    <details className={classes.entry}>
      <summary>
        <time>{dateTime(entry.at, i18n.language)}</time>
        <b>{entry.actor?.name ?? t('audit.nobody')}</b>
        <span>{t(`audit.did.${entry.action}`, { defaultValue: entry.action })}</span>
        <small className="mono ell">{entry.seq ? `${entry.object.slice(0, 8)} #${entry.seq}` : entry.object}</small>
      </summary>
      <div className={classes.more}>
        <Facts title={t('audit.facts')} facts={entry.facts} />
        <Facts title={t('audit.before')} facts={entry.before} />
        <Facts title={t('audit.after')} facts={entry.after} />
        <Facts
          title={t('audit.record')}
          facts={Object.fromEntries(Object.entries({ action: entry.action, object: entry.object, ip: entry.ip, request_id: entry.request_id, number: entry.number, hash: entry.hash }).filter(([, it]) => it))}
        />
        {entry.room_id && (
          <Link to="/rooms/$roomId" params={{ roomId: entry.room_id }} search={entry.seq ? { at: entry.seq } : {}}>
            {t('audit.toRoom')}
          </Link>
        )}
      </div>
    </details>
  )
})

export function Entries({ entries }: { entries: readonly AuditEntry[] }) {
  return (
    <div className={classes.entries}>
      {entries.map((it) => (
        <Entry key={it.id} entry={it} />
      ))}
    </div>
  )
}
