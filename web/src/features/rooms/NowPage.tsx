import { Link } from '@tanstack/react-router'
import { type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNow } from '../../lib/clock'
import type { Problem } from '../../lib/problem'
import { isWatched, type Sections, startOf } from '../../log/lobby'
import { Button } from '../../ui/Button'
import { EmptyState, ErrorState } from '../../ui/EmptyState'
import { Icon } from '../../ui/Icon'
import { Span } from '../../ui/Timer'
import type { RoomRow as Row } from '../../wire'
import { lastWordOf, nameOf, stoppedWords } from './describe'
import classes from './Now.module.css'
import { type Act, RoomRow } from './RoomRow'
import { Waiting } from './Waiting'
import { useWalk } from './walk'

export interface NowProps {
  sections: Sections
  act: Act | null
  loading: boolean
  problem: Problem | null
  retry: () => void
}

/** In a storm the worst are drawn, the others counted: a screen with hundreds of running clocks helps nobody. */
const MANY = 50

function Part({ title, rows, act, icon }: { title: string; rows: Row[]; act: Act | null; icon?: ReactNode }) {
  const { t } = useTranslation()
  const [most, setMost] = useState(MANY)
  if (rows.length === 0) return null
  const rest = rows.length - most
  return (
    <section aria-label={title}>
      <h2 className={classes.heading}>
        {icon}
        {title} <span className="count">{rows.length}</span>
      </h2>
      <ul className={classes.list}>
        {rows.slice(0, most).map((row) => (
          <RoomRow key={row.room.id} row={row} act={act} />
        ))}
      </ul>
      {rest > 0 && (
        <Button quiet icon="down" height={48} onClick={() => setMost(most + 2 * MANY)}>
          {t('now.more', { count: rest })}
        </Button>
      )}
    </section>
  )
}

function ClosedRow({ row }: { row: Row }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const { machine, fault } = nameOf(row.room, i18n.language)
  return (
    <li className={classes.closed}>
      <Icon name="check" className="muted" />
      <Link to="/rooms/$roomId" params={{ roomId: row.room.id }} className={`${classes.link} ell`}>
        {machine} {fault}
      </Link>
      <span className="ell muted">{lastWordOf(row, t, i18n.language)}</span>
      <span className="ell">{row.room.owner?.name}</span>
      <span>{stoppedWords(row.room, t, now)}</span>
    </li>
  )
}

function ClosedToday({ rows }: { rows: Row[] }) {
  const { t } = useTranslation()
  if (rows.length === 0) return null
  return (
    <details className={classes.today} open>
      <summary className={classes.heading}>
        <Icon name="down" size={16} />
        {t('now.closed')} <span className="count">{rows.length}</span>
      </summary>
      <ul>
        {rows.slice(0, MANY).map((row) => (
          <ClosedRow key={row.room.id} row={row} />
        ))}
      </ul>
    </details>
  )
}

/** A calm board: how long everything has been running, or what will stand here. */
function Calm({ watch, closed }: Pick<Sections, 'watch' | 'closed'>) {
  const { t } = useTranslation()
  const now = useNow()
  const last = Math.max(0, ...[...watch, ...closed].map(({ room }) => Date.parse((isWatched(room) ? room.restored_at : room.closed_at) ?? '') || startOf(room)))
  if (last === 0) return <EmptyState title={t('now.calm')} text={t('now.empty')} />
  return (
    <div className={classes.calm}>
      <p>{t('now.calm')}</p>
      <b>
        <Span ms={now - last} />
      </b>
    </div>
  )
}

/** Now 現況: what is open, worst first; what is being watched; what was closed today. */
export function NowPage({ sections, act, loading, problem, retry }: NowProps) {
  const { t } = useTranslation()
  const page = useRef<HTMLDivElement>(null)
  useWalk(page)
  return (
    <div className={classes.page} ref={page}>
      <div className={classes.inner}>
        <h1 className={classes.title}>{t('now.title')}</h1>
        {problem && <ErrorState text={t('now.failed')} code={problem.code} retry={retry} />}
        {loading && !problem && <Waiting />}
        {!loading && !problem && sections.live.length === 0 && <Calm watch={sections.watch} closed={sections.closed} />}
        <Part title={t('now.live')} rows={sections.live} act={act} />
        <Part title={t('now.watch')} rows={sections.watch} act={act} />
        <ClosedToday rows={sections.closed} />
      </div>
    </div>
  )
}
