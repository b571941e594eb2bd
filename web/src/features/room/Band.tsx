import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { figureOf, roomName, timeOf } from '../../lib/format'
import { isLive } from '../../log/lobby'
import { stoppedMs } from '../../ui/rail'
import { ResponseRail, SmallRail } from '../../ui/ResponseRail'
import { SeverityMark } from '../../ui/SeverityMark'
import { Chips } from '../../ui/StateChip'
import { Span, Timer } from '../../ui/Timer'
import type { IncidentData, Room } from '../../wire'
import { ActBar } from './ActBar'
import classes from './Band.module.css'
import { beyondLimit, leadCard, limitWords, roomChips } from './card'
import { useView } from './context'

function Value({ card }: { card: IncidentData }) {
  const { t } = useTranslation()
  return (
    <div className={classes.value}>
      <div className={classes.figure} data-beyond={beyondLimit(card) && card.state.active === true}>
        {figureOf(card.value)} <small>{card.unit}</small>
      </div>
      <div className={classes.hint}>{limitWords(card, t)}</div>
    </div>
  )
}

function Clock({ room }: { room: Room }) {
  const { t } = useTranslation()
  const since = room.first_raised_at ?? room.opened_at
  const stopped = stoppedMs(room)
  return (
    <div className={classes.clock}>
      <span className={classes.hint}>{t('room.stoppedSince', { time: timeOf(since, true) })}</span>
      {isLive(room) || stopped === null ? (
        <b>
          <Timer since={since} />
        </b>
      ) : (
        <b className={classes.over}>
          <Span ms={stopped} />
        </b>
      )}
      {stopped !== null && room.restored_at && <span className={classes.hint}>{t('room.ended', { time: timeOf(room.restored_at, true) })}</span>}
    </div>
  )
}

function useLead(): { room: Room; card: IncidentData | null; machine: string; fault: string } {
  const { snapshot } = useView()
  const { i18n } = useTranslation()
  const card = useMemo(() => leadCard(snapshot.messages), [snapshot.messages])
  const { room } = snapshot
  return { room, card, ...roomName(room, i18n.language) }
}

const hasValue = (card: IncidentData | null): card is IncidentData => card !== null && card.value !== null && card.value !== undefined

/** What, how bad, since when, who, what next: the incident in one strip (from tablets up). */
export function Band() {
  const { t } = useTranslation()
  const { room, card, machine, fault } = useLead()
  return (
    <section className={classes.band} data-severity={room.severity} data-value={hasValue(card)} aria-label={t('room.card')}>
      <div className={classes.what}>
        <SeverityMark severity={room.severity} size={48} />
        <div>
          <h1>
            {machine && <span>{machine}</span>} {fault}
          </h1>
          <Chips chips={roomChips(room, card, t)} />
        </div>
      </div>
      {hasValue(card) && <Value card={card} />}
      <Clock room={room} />
      <div className={classes.foot}>
        <ResponseRail room={room} />
        <ActBar />
      </div>
    </section>
  )
}

/** The same on a phone: shape, machine, fault, timer; value; five dots. One line when the keyboard is open. */
export function PhoneCard() {
  const { t } = useTranslation()
  const { room, card, fault } = useLead()
  const since = room.first_raised_at ?? room.opened_at
  const stopped = stoppedMs(room)
  const chips = roomChips(room, card, t).slice(0, 3)
  return (
    <section className={classes.card} data-severity={room.severity} aria-label={t('room.card')}>
      <div className={classes.head}>
        <SeverityMark severity={room.severity} size={44} />
        <div className={classes.title}>
          <div className={classes.machine}>{[room.machine, room.line].filter(Boolean).join(' · ')}</div>
          <h1>{fault}</h1>
        </div>
        <div className={classes.timer}>
          <b>{stopped === null ? <Timer since={since} /> : <Span ms={stopped} />}</b>
          <small>{t('room.since', { time: timeOf(since) })}</small>
        </div>
      </div>
      <div className={classes.middle}>
        {hasValue(card) && <Value card={card} />}
        <Chips chips={chips} />
      </div>
      <SmallRail room={room} named />
    </section>
  )
}
