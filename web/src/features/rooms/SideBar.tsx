import { Link } from '@tanstack/react-router'
import { memo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNow } from '../../lib/clock'
import { clockOf, spanOf } from '../../lib/format'
import { isLive, nobodyHasIt, type Sections, startOf } from '../../log/lobby'
import { Icon } from '../../ui/Icon'
import { stoppedMs } from '../../ui/rail'
import { SeverityMark } from '../../ui/SeverityMark'
import { Brand, type Lit } from '../../ui/StackLight'
import type { Room, RoomRow } from '../../wire'
import { nameOf, sideFactOf } from './describe'
import { Unread } from './RoomRow'
import classes from './SideBar.module.css'

function Since({ room }: { room: Room }) {
  const { t } = useTranslation()
  const now = useNow()
  if (isLive(room)) return <time>{clockOf(now - startOf(room))}</time>
  const { key, values } = spanOf(stoppedMs(room) ?? 0)
  return <time>{t(key, values)}</time>
}

const SideRoom = memo(function SideRoom({ row }: { row: RoomRow }) {
  const { t, i18n } = useTranslation()
  const { room, unread } = row
  const { machine, fault } = nameOf(room, i18n.language)
  return (
    <li>
      <Link
        to="/rooms/$roomId"
        params={{ roomId: room.id }}
        className={classes.room}
        activeProps={{ 'data-here': true }}
        data-unread={unread > 0}
        title={`${machine} ${fault}`}
      >
        {isLive(room) ? <SeverityMark severity={room.severity} /> : <Icon name="check" size={20} className="muted" />}
        <b className="ell">
          {machine} {fault}
        </b>
        <Since room={room} />
        <small className="ell">{sideFactOf(room, t)}</small>
        <Unread count={unread} mentions={row.mentions} hot={nobodyHasIt(room)} />
      </Link>
    </li>
  )
})

/** What does not fit here stands in Now. */
const MOST = 25

function Group({ title, rows }: { title: string; rows: RoomRow[] }) {
  if (rows.length === 0) return null
  return (
    <>
      <h2 className={classes.heading}>
        {title} <span>{rows.length}</span>
      </h2>
      <ul>
        {rows.slice(0, MOST).map((row) => (
          <SideRoom key={row.room.id} row={row} />
        ))}
      </ul>
    </>
  )
}

/** Where the eyes go first: the light, the way to Now, the rooms alive, and who is signed in (`me`). */
export function SideBar({ sections, lit, unread, me }: { sections: Sections; lit: Lit; unread: number; me: ReactNode }) {
  const { t } = useTranslation()
  return (
    <aside className={classes.side}>
      <div className={classes.brand}>
        <Brand lit={lit} />
      </div>
      <nav aria-label={t('app.navigation')} className={classes.nav}>
        <Link to="/" className={classes.link} activeProps={{ 'data-here': true }} activeOptions={{ exact: true }}>
          <Icon name="now" size={20} />
          <span>{t('nav.now')}</span>
          <Unread count={unread} hot />
        </Link>
        <Link to="/rooms" className={classes.link} activeProps={{ 'data-here': true }} activeOptions={{ exact: true, includeSearch: false }}>
          <Icon name="details" size={20} />
          <span>{t('nav.rooms')}</span>
        </Link>
        <Link to="/shifts" className={classes.link} activeProps={{ 'data-here': true }}>
          <Icon name="calendar" size={20} />
          <span>{t('nav.shifts')}</span>
        </Link>
        <Link to="/search" className={classes.link} activeProps={{ 'data-here': true }} title="/">
          <Icon name="search" size={20} />
          <span>{t('nav.search')}</span>
        </Link>
        <div className={classes.rooms}>
          <Group title={t('now.live')} rows={sections.live} />
          <Group title={t('now.watch')} rows={sections.watch} />
        </div>
      </nav>
      {me}
    </aside>
  )
}
