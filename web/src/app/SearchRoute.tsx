import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type Asked } from '../features/search/asked'
import { SearchPage } from '../features/search/SearchPage'
import { useHub, useLobby, useMe } from './context'

const distinct = (names: Array<string | null>) => [...new Set(names.filter((it) => it !== null))].sort()

/** The search its address describes; a new search is a new address, so one can go back and share it. */
export function SearchRoute({ asked, from }: { asked: Asked; from?: string }) {
  const hub = useHub()
  const me = useMe()
  const walk = useNavigate()
  const { lobby } = useLobby()
  const rooms = useMemo(() => Object.values(lobby.rows).map((it) => it.room), [lobby])
  const place = asked.room ?? from
  return (
    <SearchPage
      me={me}
      asked={asked}
      ask={(next) => void walk({ to: '/search', search: { ...next, ...(place ? { in: place } : {}) } })}
      search={hub.api.search}
      here={rooms.find((it) => it.id === place) ?? (place ? { id: place, code: place.slice(0, 8) } : null)}
      machines={distinct(rooms.map((it) => it.machine))}
    />
  )
}
