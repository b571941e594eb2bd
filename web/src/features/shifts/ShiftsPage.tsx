import { NativeSelect } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { useNow } from '../../lib/clock'
import type { Problem } from '../../lib/problem'
import { Button } from '../../ui/Button'
import { EmptyState, ErrorState } from '../../ui/EmptyState'
import type { OnShiftNow, Override, ShiftCalendar } from '../../wire'
import { OnShift } from './OnShift'
import classes from './Shifts.module.css'
import { WeekCards, WeekTable } from './Week'
import { dayName, mondayOf, plusDays, saidOf, wallIn, type WeekAddress } from './week'

const PHONE = '(max-width: 47.99em)'

export interface ShiftsProps {
  address: WeekAddress
  go: (address: WeekAddress) => void
  calendar: ShiftCalendar | undefined
  now: OnShiftNow | undefined
  overrides: readonly Override[]
  lines: readonly string[]
  problem: Problem | null
  retry: () => void
  /** Open the forms; null for those who may not change anything. */
  addRoster: (() => void) | null
  addOverride: (() => void) | null
  removeOverride: (override: Override) => void
}

function Bar({ address, go, calendar, lines, addRoster, addOverride }: ShiftsProps & { calendar: ShiftCalendar }) {
  const { t, i18n } = useTranslation()
  const { from_day: from, days, today } = calendar
  const name = (day: string) => dayName(day, i18n.language)
  return (
    <div className={classes.bar}>
      <div className={classes.walk}>
        <Button icon="left" height={44} aria-label={t('shifts.earlier')} onClick={() => go({ ...address, from: plusDays(from, -7) })} />
        <Button height={44} onClick={() => go({ ...address, from: undefined })} disabled={from === mondayOf(today) || from === today}>
          {t('shifts.today')}
        </Button>
        <Button icon="right" height={44} aria-label={t('shifts.later')} onClick={() => go({ ...address, from: plusDays(from, 7) })} />
      </div>
      <b className={classes.span} aria-live="polite">
        {t('shifts.week', { from: name(from), to: name(plusDays(from, days - 1)) })}
      </b>
      <NativeSelect size="md" className={classes.line} aria-label={t('shifts.line')} data={[{ value: '', label: t('shifts.everyLine') }, ...lines]} value={address.line ?? ''} onChange={(event) => go({ ...address, line: event.currentTarget.value || undefined })} />
      <div className={classes.acts}>
        {addOverride && (
          <Button height={44} icon="edit" onClick={addOverride}>
            {t('shifts.addOverride')}
          </Button>
        )}
        {addRoster && (
          <Button height={44} icon="add" primary onClick={addRoster}>
            {t('shifts.addRoster')}
          </Button>
        )}
      </div>
    </div>
  )
}

function Changes({ calendar, overrides, remove }: { calendar: ShiftCalendar; overrides: readonly Override[]; remove: (it: Override) => void }) {
  const { t } = useTranslation()
  if (overrides.length === 0) return null
  const when = (iso: string) => wallIn(calendar.zone, iso).slice(5).replace('-', '/').replace('T', ' ')
  return (
    <section className={classes.changes} aria-labelledby="changes">
      <h2 id="changes">{t('shifts.changes')}</h2>
      <ul>
        {overrides.map((it) => {
          const { key, values } = saidOf(it)
          const team = calendar.teams.find((row) => row.id === it.team_id)?.name
          return (
            <li key={it.id}>
              <span className="grow">
                <b>{t(key, values)}</b>
                <small className={classes.fact}>{[`${when(it.starts)} – ${when(it.ends)}`, team, it.reason, it.by?.name].filter(Boolean).join(' · ')}</small>
              </span>
              {it.can_change && <Button quiet icon="remove" height={44} aria-label={t('shifts.remove', { what: t(key, values) })} onClick={() => remove(it)} />}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** Shifts 班表: who is on shift now, then the week. */
export function ShiftsPage(props: ShiftsProps) {
  const { calendar, now, overrides, problem, retry, removeOverride } = props
  const { t } = useTranslation()
  const phone = useMediaQuery(PHONE, false, { getInitialValueInEffect: false })
  const time = useNow()
  const Week = phone ? WeekCards : WeekTable
  return (
    <div className={classes.page}>
      <div className={classes.inner}>
        <h1 className={classes.title}>{t('shifts.title')}</h1>
        {problem && !calendar && <ErrorState text={t('shifts.failed')} code={problem.code} retry={retry} />}
        {!problem && !calendar && <div className={classes.blocks} role="status" aria-label={t('state.loading')} />}
        {calendar && (
          <>
            {now && <OnShift now={now} zone={calendar.zone} />}
            <Bar {...props} calendar={calendar} />
            {calendar.teams.length === 0 ? <EmptyState text={t('shifts.noTeams')} /> : <Week calendar={calendar} now={time} />}
            <Changes calendar={calendar} overrides={overrides} remove={removeOverride} />
          </>
        )}
      </div>
    </div>
  )
}
