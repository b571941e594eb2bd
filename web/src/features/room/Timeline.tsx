import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dayOf } from '../../lib/format'
import type { Pending } from '../../log/outbox'
import { Button } from '../../ui/Button'
import { Span } from '../../ui/Timer'
import { useView } from './context'
import { AlarmRow, PendingRow, SystemRow } from './MessageRow'
import { firstNew, type Row, rowsOf } from './rows'
import { TalkRow } from './TalkRow'
import classes from './Timeline.module.css'
import { walkRows } from './useHandles'
import { useReading } from './useReading'
import { useScroll } from './useScroll'

function Separator({ row }: { row: Extract<Row, { kind: 'day' | 'new' | 'gap' }> }) {
  const { t, i18n } = useTranslation()
  if (row.kind === 'new') return <div className={classes.new}>{t('room.newMessages')}</div>
  if (row.kind === 'day') return <div className={classes.day}>{dayOf(row.at, i18n.language)}</div>
  const [before, after] = t('room.gap', { span: '|' }).split('|')
  return (
    <div className={classes.day}>
      <span>
        {before}
        <Span ms={row.ms} />
        {after}
      </span>
    </div>
  )
}

function TimelineRow({ row, edit }: { row: Row; edit: (entry: Pending) => void }) {
  const { snapshot, me, offline, retry, discard } = useView()
  switch (row.kind) {
    case 'talk':
      return <TalkRow message={row.message} first={row.first} members={snapshot.members} />
    case 'alarm':
      return <AlarmRow message={row.message} card={row.card} />
    case 'system':
      return <SystemRow messages={row.messages} room={snapshot.room} me={me.id} />
    case 'pending':
      return <PendingRow entry={row.entry} first={row.first} position={row.position} offline={offline} person={me} people={snapshot.members.map((it) => it.user)} retry={retry} edit={edit} discard={discard} />
    default:
      return <Separator row={row} />
  }
}

function Top({ load }: { load: () => Promise<void> }) {
  const { complete } = useView()
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  if (complete) return null
  const run = () => {
    setBusy(true)
    void load()
      .catch(() => undefined)
      .finally(() => setBusy(false))
  }
  return (
    <div className={classes.top}>
      <Button quiet busy={busy} onClick={run}>
        {t('room.older')}
      </Button>
    </div>
  )
}

function Pill({ missed, alarm, toEnd }: { missed: number; alarm: boolean; toEnd: () => void }) {
  const { t } = useTranslation()
  return (
    <button type="button" className={classes.pill} data-alarm={alarm} onClick={toEnd}>
      {missed > 0 ? t('room.latestCount', { count: missed }) : t('room.latest')}
    </button>
  )
}

/** The room's one column of talk: machines, people and the system in three voices. */
export function Timeline({ edit }: { edit: (entry: Pending) => void }) {
  const { snapshot, me, pending, older, unreadFrom } = useView()
  const { t } = useTranslation()
  const [openedAt] = useState(() => firstNew(snapshot.messages, snapshot.last_read_seq, me.id))
  const newSeq = unreadFrom ?? openedAt
  const rows = useMemo(() => rowsOf(snapshot.messages, pending, newSeq, me.id), [snapshot.messages, pending, newSeq, me.id])
  const firstKey = snapshot.messages[0]?.message_id
  const lastKey = rows.at(-1)?.key
  const { box, atEnd, onScroll, toEnd } = useScroll(firstKey, lastKey, rows.length, '[data-new]')
  const mine = pending.at(-1)?.id
  const sent = useRef(mine)
  useEffect(() => {
    if (mine && mine !== sent.current) toEnd()
    sent.current = mine
  }, [mine, toEnd])
  const missed = useReading(atEnd)
  return (
    <div className={classes.frame}>
      {/* A scrolling region has to take the keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions */}
      <div className={classes.scroll} ref={box} onScroll={onScroll} role="log" aria-label={t('room.timeline')} tabIndex={0} onKeyDown={walkRows}>
        <Top load={older} />
        <div className={classes.rows}>
          {rows.map((row) => (
            <div key={row.key} data-new={row.kind === 'new' || undefined}>
              <TimelineRow row={row} edit={edit} />
            </div>
          ))}
        </div>
      </div>
      {!atEnd && <Pill missed={missed.count} alarm={missed.alarm} toEnd={toEnd} />}
    </div>
  )
}
