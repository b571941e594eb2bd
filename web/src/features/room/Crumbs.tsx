import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Room } from '../../wire'
import { Icon } from '../../ui/Icon'

const PLACES = ['site', 'area', 'line', 'machine'] as const

/** Site, area, line and machine, each with what the list of incidents shows for it. Pure. */
export function placesOf(room: Pick<Room, (typeof PLACES)[number]>) {
  const known = PLACES.filter((it) => room[it])
  return known.map((name, n) => ({ name, word: room[name] ?? '', search: Object.fromEntries(known.slice(0, n + 1).map((it) => [it, room[it] ?? ''])) }))
}

/** Where the incident is; each part leads to the incidents there. */
export function Crumbs({ room, code }: { room: Room; code?: boolean }) {
  const { t } = useTranslation()
  const places = placesOf(room)
  return (
    <nav className="crumbs" aria-label={t('room.place')}>
      {places.map(({ name, word, search }, n) => (
        <span key={name}>
          <Link to="/rooms" search={search} title={t('room.incidentsOf', { place: word })}>
            {word}
          </Link>
          {(code || n < places.length - 1) && <Icon name="right" size={14} />}
        </span>
      ))}
      {code && <b className="mono">{room.code}</b>}
    </nav>
  )
}
