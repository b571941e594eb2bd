import { useTranslation } from 'react-i18next'
import { textIn } from '../../lib/format'
import { Avatar } from '../../ui/Avatar'
import type { OnShift as OnShiftPerson, OnShiftNow } from '../../wire'
import classes from './Shifts.module.css'
import { clockIn } from './week'

function Card({ it, zone }: { it: OnShiftPerson; zone: string }) {
  const { t, i18n } = useTranslation()
  return (
    <li className={classes.person}>
      <Avatar person={it.person} />
      <span className="grow">
        <b>{it.person.name}</b> {it.lead && <small className={classes.tag}>{t('shifts.lead')}</small>} {it.instead_of && <small className={classes.tag}>{t('shifts.standIn', { name: it.instead_of.name })}</small>}
        <small className={classes.fact}>
          {it.team} · {textIn(it.name, i18n.language)} · {t('shifts.until', { time: clockIn(zone, it.ends) })}
        </small>
      </span>
    </li>
  )
}

/** Who is on shift now, the leads first. */
export function OnShift({ now, zone }: { now: OnShiftNow; zone: string }) {
  const { t } = useTranslation()
  return (
    <section className={classes.now} aria-labelledby="on-shift">
      <h2 id="on-shift">{t('shifts.now')}</h2>
      {now.people.length > 0 ? (
        <ul>
          {now.people.map((it) => (
            <Card key={it.team_id + it.person.id} it={it} zone={zone} />
          ))}
        </ul>
      ) : (
        <p className="muted">{t(now.rostered ? 'shifts.nobody' : 'shifts.noRoster')}</p>
      )}
    </section>
  )
}
