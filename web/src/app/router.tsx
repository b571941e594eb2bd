import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router'
import i18next from 'i18next'
import { readWanted } from '../features/rooms/wanted'
import { readAsked } from '../features/search/asked'
import { readWeek } from '../features/shifts/week'
import { ErrorState } from '../ui/EmptyState'
import { NowRoute } from './NowRoute'
import { RoomRoute } from './RoomRoute'
import { RoomsRoute } from './RoomsRoute'
import { SearchRoute } from './SearchRoute'
import { SettingsRoute } from './SettingsRoute'
import { Shell } from './Shell'
import { ShiftsRoute } from './ShiftsRoute'

const root = createRootRoute({ component: Shell })
const now = createRoute({ getParentRoute: () => root, path: '/', component: NowRoute })
const room = createRoute({ getParentRoute: () => root, path: '/rooms/$roomId', component: RoomPageOf, validateSearch: readPlace })
const rooms = createRoute({ getParentRoute: () => root, path: '/rooms', component: RoomsPageOf, validateSearch: readWanted })
const search = createRoute({
  getParentRoute: () => root,
  path: '/search',
  component: SearchPageOf,
  validateSearch: (address: Record<string, unknown>) => ({ ...readAsked(address), ...(typeof address.in === 'string' ? { in: address.in } : {}) }),
})
const settings = createRoute({ getParentRoute: () => root, path: '/settings', component: () => <SettingsRoute /> })
const section = createRoute({ getParentRoute: () => root, path: '/settings/$section', component: SectionOf })
const shifts = createRoute({ getParentRoute: () => root, path: '/shifts', component: ShiftsPageOf, validateSearch: readWeek })
const rest = createRoute({
  getParentRoute: () => root,
  path: '$',
  beforeLoad: () => {
    throw redirect({ to: '/' })
  },
})

/** `?at=` is the seq of a message to point at. */
function readPlace(address: Record<string, unknown>): { at?: number } {
  const at = Number(address.at)
  return Number.isSafeInteger(at) && at > 0 ? { at } : {}
}

/** A fresh page per room: nothing of one room's state may show in another. */
function RoomPageOf() {
  const { roomId } = room.useParams()
  return <RoomRoute key={roomId} roomId={roomId} at={room.useSearch().at} />
}

function RoomsPageOf() {
  return <RoomsRoute wanted={rooms.useSearch()} />
}

function SearchPageOf() {
  const { in: from, ...asked } = search.useSearch()
  return <SearchRoute asked={asked} from={from} />
}

function SectionOf() {
  return <SettingsRoute section={section.useParams().section} />
}

function ShiftsPageOf() {
  return <ShiftsRoute {...shifts.useSearch()} />
}

function Broken({ error }: { error: unknown }) {
  return <ErrorState text={i18next.t('state.error')} code={error instanceof Error ? error.message : 'internal'} retry={() => location.reload()} />
}

export const router = createRouter({ routeTree: root.addChildren([now, room, rooms, search, shifts, settings, section, rest]), defaultErrorComponent: Broken })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
