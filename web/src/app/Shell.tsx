import { useHotkeys } from '@mantine/hooks'
import { Link, Outlet, useMatchRoute, useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SideBar } from '../features/rooms/SideBar'
import { SettingsMenu } from '../features/settings/SettingsMenu'
import { useToday } from '../lib/clock'
import { dayKey } from '../lib/format'
import { type Lobby, sectionsOf, worstOpen } from '../log/lobby'
import { Avatar } from '../ui/Avatar'
import { ConnectionStrip } from '../ui/ConnectionStrip'
import { Icon } from '../ui/Icon'
import { useFavicon } from '../ui/StackLight'
import { Announce } from './Announce'
import { Broadcasts, NewBroadcastDialog } from './Broadcasts'
import { useConnection, useHub, useLobby, useMe } from './context'
import { OldMessages } from './OldMessages'
import classes from './Shell.module.css'

export function useSections(lobby: Lobby) {
  const today = useToday()
  return useMemo(() => sectionsOf(lobby, (iso) => dayKey(iso) === today), [lobby, today])
}

interface Broadcasting {
  /** Open the form of a broadcast; none for those who may not send one. */
  broadcast?: () => void
}

function useMenu() {
  const hub = useHub()
  const walk = useNavigate()
  return { signOut: () => void hub.signOut(), settings: () => void walk({ to: '/settings' }) }
}

function MeBar({ broadcast }: Broadcasting) {
  const me = useMe()
  const menu = useMenu()
  const { t } = useTranslation()
  return (
    <SettingsMenu {...menu} broadcast={broadcast}>
      <button type="button" className={classes.me} aria-label={`${me.name}: ${t('nav.settings')}`}>
        <Avatar person={me} me />
        <span className="grow">
          <b className="ell">{me.name}</b>
          <small>{t(`role.${me.role}`)}</small>
        </span>
        <Icon name="settings" className="muted" />
      </button>
    </SettingsMenu>
  )
}

function Tabs({ broadcast }: Broadcasting) {
  const menu = useMenu()
  const { t } = useTranslation()
  return (
    <nav className={classes.tabs} aria-label={t('app.navigation')}>
      <Link to="/" activeProps={{ 'data-here': true }}>
        <Icon name="now" size={24} />
        {t('nav.now')}
      </Link>
      <Link to="/rooms" activeProps={{ 'data-here': true }} activeOptions={{ exact: true, includeSearch: false }}>
        <Icon name="details" size={24} />
        {t('nav.rooms')}
      </Link>
      <Link to="/shifts" activeProps={{ 'data-here': true }}>
        <Icon name="calendar" size={24} />
        {t('nav.shifts')}
      </Link>
      <Link to="/search" activeProps={{ 'data-here': true }}>
        <Icon name="search" size={24} />
        {t('nav.search')}
      </Link>
      <SettingsMenu {...menu} broadcast={broadcast}>
        <button type="button">
          <Icon name="settings" size={24} />
          {t('nav.me')}
        </button>
      </SettingsMenu>
    </nav>
  )
}

/** The connection's age; in a room it stands under the room's own bar. */
export function Strip() {
  return <ConnectionStrip connection={useConnection()} retry={useHub().socket.wake} />
}

/** `g n` goes to Now: two keys, one after the other. `/` searches, and offers the room one is in. */
function useGo(room: string | undefined): void {
  const walk = useNavigate()
  const asked = useRef(0)
  useHotkeys([
    ['g', () => (asked.current = Date.now())],
    ['/', () => void walk({ to: '/search', search: room ? { in: room } : {} })],
    ['n', () => void (Date.now() - asked.current < 1500 && walk({ to: '/' }))],
  ])
}

/** The frame around every page: side bar or tabs, the connection strip, the page. */
export function Shell() {
  const { t } = useTranslation()
  const { lobby } = useLobby()
  const sections = useSections(lobby)
  const lit = worstOpen(lobby)
  const unread = [...sections.live, ...sections.watch].reduce((sum, row) => sum + row.unread, 0)
  const { role } = useMe()
  const [writing, setWriting] = useState(false)
  const broadcast = role === 'lead' || role === 'admin' ? () => setWriting(true) : undefined
  const matches = useMatchRoute()
  const there = matches({ to: '/rooms/$roomId' })
  const inRoom = Boolean(there)
  useGo(there ? there.roomId : undefined)
  useFavicon(lit)
  useEffect(() => {
    if (!inRoom) document.title = `${unread > 0 ? `(${unread}) ` : ''}${t('now.title')} · ${t('app.name')}`
  }, [inRoom, unread, t])
  return (
    <div className={classes.app} data-room={inRoom}>
      <a href="#content" className="skip">
        {t('app.skip')}
      </a>
      <SideBar sections={sections} lit={lit} unread={unread} me={<MeBar broadcast={broadcast} />} />
      <div className={classes.stage}>
        <Broadcasts />
        {!inRoom && <Strip />}
        <main id="content" className={classes.main} tabIndex={-1}>
          <Outlet />
        </main>
        {!inRoom && <Tabs broadcast={broadcast} />}
      </div>
      <OldMessages />
      {writing && <NewBroadcastDialog close={() => setWriting(false)} />}
      <Announce live={sections.live} ready={lobby.changed !== null} />
    </div>
  )
}
