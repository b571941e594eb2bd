import { useTranslation } from 'react-i18next'
import { textIn } from '../../lib/format'
import type { CalendarDuty, CalendarShift, Holiday, ShiftCalendar } from '../../wire'
import classes from './Shifts.module.css'
import { clockIn, dayName, daysOf, runs, shiftsOn } from './week'

interface CellProps {
  shift: CalendarShift
  zone: string
  now: number
}

function Duty({ duty, shift, zone }: { duty: CalendarDuty; shift: CalendarShift; zone: string }) {
  const { t } = useTranslation()
  const part = duty.starts !== shift.starts || duty.ends !== shift.ends
  return (
    <li data-kind={duty.kind}>
      <span className={classes.name}>{duty.person.name}</span>
      {duty.lead && duty.kind === 'crew' && <small>{t('shifts.lead')}</small>}
      {duty.kind === 'away' && <small>{t('shifts.away')}</small>}
      {duty.kind === 'stand_in' && <small>{t('shifts.standIn', { name: duty.other?.name })}</small>}
      {part && (
        <small>
          {clockIn(zone, duty.starts)}–{clockIn(zone, duty.ends)}
        </small>
      )}
    </li>
  )
}

function Cell({ shift, zone, now }: CellProps) {
  const { t, i18n } = useTranslation()
  return (
    <div className={classes.shift} data-now={runs(shift, now)}>
      <p>
        <b>{textIn(shift.name, i18n.language)}</b>
        {runs(shift, now) && <small className={classes.tag}>{t('shifts.running')}</small>}
        <span className={classes.hours}>
          {clockIn(zone, shift.starts)}–{clockIn(zone, shift.ends)}
        </span>
      </p>
      <ul>
        {shift.people.map((duty) => (
          <Duty key={`${duty.person.id}${duty.kind}${duty.starts}`} duty={duty} shift={shift} zone={zone} />
        ))}
      </ul>
    </div>
  )
}

function Day({ day, today, holiday }: { day: string; today: string; holiday?: Holiday }) {
  const { t, i18n } = useTranslation()
  return (
    <>
      {dayName(day, i18n.language)} {day === today && <small className={classes.tag}>{t('shifts.today')}</small>}
      {holiday && <small className={classes.holiday}>{t(holiday.like ? 'shifts.makeUp' : 'shifts.closed', { name: holiday.name })}</small>}
    </>
  )
}

interface WeekProps {
  calendar: ShiftCalendar
  now: number
}

/** One row for each team, one column for each day. */
export function WeekTable({ calendar, now }: WeekProps) {
  const { t } = useTranslation()
  const days = daysOf(calendar.from_day, calendar.days)
  return (
    // It scrolls sideways where it must, so the keyboard can get into it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={classes.scroll} tabIndex={0} aria-label={t('shifts.title')}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('shifts.team')}</th>
            {days.map((day) => (
              <th key={day} scope="col" data-today={day === calendar.today} aria-current={day === calendar.today ? 'date' : undefined}>
                <Day day={day} today={calendar.today} holiday={calendar.holidays.find((it) => it.day === day)} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {calendar.teams.map((team) => (
            <tr key={team.id}>
              <th scope="row">
                {team.name}
                {team.lines.length > 0 && <small>{t('shifts.lines', { lines: team.lines.join('、') })}</small>}
              </th>
              {days.map((day) => (
                <td key={day} data-today={day === calendar.today}>
                  {shiftsOn(team, day).map((it) => (
                    <Cell key={it.key + it.starts} shift={it} zone={calendar.zone} now={now} />
                  ))}
                  {shiftsOn(team, day).length === 0 && <span className={classes.off}>{team.rostered ? t('shifts.off') : '–'}</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** One card for each day, for a phone: who works, by team. */
export function WeekCards({ calendar, now }: WeekProps) {
  const { t } = useTranslation()
  return daysOf(calendar.from_day, calendar.days).map((day) => {
    const working = calendar.teams.flatMap((team) => shiftsOn(team, day).map((shift) => ({ team, shift })))
    return (
      <section key={day} className={classes.card} data-today={day === calendar.today} aria-labelledby={`day-${day}`}>
        <h2 id={`day-${day}`} aria-current={day === calendar.today ? 'date' : undefined}>
          <Day day={day} today={calendar.today} holiday={calendar.holidays.find((it) => it.day === day)} />
        </h2>
        {working.length === 0 && <p className="muted">{t('shifts.off')}</p>}
        {working
          .sort((a, b) => a.shift.starts.localeCompare(b.shift.starts))
          .map(({ team, shift }) => (
            <div key={team.id + shift.starts} className={classes.row}>
              <b>{team.name}</b>
              <Cell shift={shift} zone={calendar.zone} now={now} />
            </div>
          ))}
      </section>
    )
  })
}
