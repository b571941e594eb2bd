import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { useNow } from '../../lib/clock'
import { isLive, nobodyHasIt } from '../../log/lobby'
import { Avatar } from '../../ui/Avatar'
import { Button } from '../../ui/Button'
import { Icon } from '../../ui/Icon'
import { SmallRail } from '../../ui/ResponseRail'
import { SeverityMark } from '../../ui/SeverityMark'
import { Timer } from '../../ui/Timer'
import type { Room, RoomRow as Row } from '../../wire'
import { currentFactOf, lastWordOf, nameOf, stoppedWords } from './describe'
import classes from './Now.module.css'

export type Act = (room: Room, to: 'acknowledged') => void

function Rail({ room }: { room: Room }) {
  const { t } = useTranslation()
  const now = useNow()
  return (
    <div className={classes.rail}>
      <SmallRail room={room} />
      <small>{currentFactOf(room, t, now)}</small>
    </div>
  )
}

function Owner({ room, act }: { room: Room; act: Act | null }) {
  const { t } = useTranslation()
  if (nobodyHasIt(room) && act) {
    return (
      <Button primary icon="take" className={classes.take} onClick={() => act(room, 'acknowledged')}>
        {t('act.acknowledged')}
      </Button>
    )
  }
  if (!room.owner) return <span className="muted">{t('now.noOwner')}</span>
  return (
    <>
      <Avatar person={room.owner} size={24} />
      <span className="ell">
        {room.owner.name}
        <small>{room.line ?? room.site}</small>
      </span>
    </>
  )
}

function Clock({ room }: { room: Room }) {
  const { t } = useTranslation()
  const now = useNow()
  if (isLive(room)) return <Timer since={room.first_raised_at ?? room.opened_at} />
  return <span className={classes.ended}>{stoppedWords(room, t, now)}</span>
}

const few = (count: number) => (count > 99 ? '99+' : String(count))

/** Unread messages, and beside them those that call me. */
export function Unread({ count, mentions = 0, hot }: { count: number; mentions?: number; hot?: boolean }) {
  const { t } = useTranslation()
  if (count <= 0) return <span />
  return (
    <span className="counts">
      {mentions > 0 && (
        <span className="count" data-mention aria-label={t('talk.mentions', { count: mentions })}>
          @{mentions > 1 && few(mentions)}
        </span>
      )}
      <span className="count" data-hot={hot} aria-label={t('now.unread', { count })}>
        {few(count)}
      </span>
    </span>
  )
}

/** One incident: shape, machine and fault, last word, rail, owner or the button to take it, timer, unread. */
export const RoomRow = memo(function RoomRow({ row, act }: { row: Row; act: Act | null }) {
  const { t, i18n } = useTranslation()
  const { room, unread } = row
  const { machine, fault } = nameOf(room, i18n.language)
  const alone = nobodyHasIt(room)
  return (
    <li className={classes.item} data-unread={unread > 0} data-wash={alone ? room.severity : undefined}>
      {isLive(room) ? <SeverityMark severity={room.severity} size={28} /> : <Icon name="check" size={24} className="muted" />}
      <div className={classes.name}>
        <Link to="/rooms/$roomId" params={{ roomId: room.id }} className={classes.link}>
          {machine && <span>{machine}</span>} {fault}
        </Link>
        <div className={`${classes.last} ell`}>{lastWordOf(row, t, i18n.language)}</div>
      </div>
      <Rail room={room} />
      <div className={classes.owner}>
        <Owner room={room} act={act} />
      </div>
      <div className={classes.time}>
        <Clock room={room} />
      </div>
      <Unread count={unread} mentions={row.mentions} hot={alone} />
    </li>
  )
})
