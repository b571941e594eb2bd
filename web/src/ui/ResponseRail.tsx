import { useTranslation } from 'react-i18next'
import { useNow } from '../lib/clock'
import { clockOf, timeOf } from '../lib/format'
import type { Room } from '../wire'
import { Icon } from './Icon'
import { type RailStop, stopsOf } from './rail'
import classes from './ResponseRail.module.css'

/** When the stop happened: the raise as a clock time, the others as the time since the raise. */
function fact(stop: RailStop, raised: number): string {
  if (stop.at === null) return ''
  if (stop.name === 'raised') return timeOf(new Date(stop.at).toISOString(), true)
  return `+${clockOf(stop.at - raised)}`
}

/** How often it came back. */
function Again({ times }: { times: number }) {
  const { t } = useTranslation()
  if (times === 0) return null
  return (
    <span className={classes.again} role="img" aria-label={t('rail.reopened', { count: times })}>
      ↺{times}
    </span>
  )
}

function Stop({ stop, raised, owner, reopened = 0 }: { stop: RailStop; raised: number; owner?: string; reopened?: number }) {
  const { t } = useTranslation()
  const now = useNow()
  const running = stop.state === 'now' && stop.at !== null && stop.name !== 'raised'
  return (
    <li className={classes.stop} data-state={stop.state} aria-current={stop.state === 'now' ? 'step' : undefined}>
      <span className={classes.dot}>{stop.state === 'done' && <Icon name="check" size={11} />}</span>
      <b>
        {t(`rail.${stop.name}`)} {stop.name === 'raised' && <Again times={reopened} />}
      </b>
      <span className={classes.fact}>
        {fact(stop, raised)} {stop.name === 'taken' && stop.state === 'done' && owner}
        {running && t('rail.since', { time: clockOf(now - (stop.at ?? 0)) })}
        {stop.state === 'skipped' && <span className="visually-hidden">{t('rail.skipped')}</span>}
      </span>
    </li>
  )
}

/** The six clocks of a stop in words, for the room's band. */
export function ResponseRail({ room }: { room: Room }) {
  const { t } = useTranslation()
  const stops = stopsOf(room)
  const raised = stops[0]?.at ?? 0
  return (
    <ol className={classes.rail} data-severity={room.severity} aria-label={t('rail.label')}>
      {stops.map((stop) => (
        <Stop key={stop.name} stop={stop} raised={raised} owner={room.owner?.name} reopened={room.reopened} />
      ))}
    </ol>
  )
}

/** Five dots for rows and phones; the current one is named beside it or below. */
export function SmallRail({ room, named }: { room: Room; named?: boolean }) {
  const { t } = useTranslation()
  const stops = stopsOf(room, true)
  const current = [...stops].reverse().find((it) => it.state === 'now' || it.state === 'done')
  const raised = stops[0]?.at ?? 0
  const again = room.reopened ? `, ${t('rail.reopened', { count: room.reopened })}` : ''
  const label = `${t('rail.label')}: ${current ? t(`rail.${current.name}`) : ''}${again}`
  return (
    <div>
      <div className={classes.small} data-severity={named ? room.severity : undefined} role="img" aria-label={label}>
        {stops.map((stop, n) => (
          <i key={stop.name} data-state={stop.state} data-first={n === 0} />
        ))}
      </div>
      {named && (
        <div className={classes.names} aria-hidden="true">
          {stops.map((stop) => (
            <span key={stop.name} data-now={stop === current}>
              {t(`rail.${stop.name}`)} {stop.name === 'raised' && room.reopened ? `↺${room.reopened}` : ''} {stop === current && stop.name !== 'raised' && stop.at !== null ? clockOf(stop.at - raised) : ''}
            </span>
          ))}
        </div>
      )}
    </div>
  )
}
