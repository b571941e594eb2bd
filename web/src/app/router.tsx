import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router'
import i18next from 'i18next'
import { ErrorState } from '../ui/EmptyState'
import { NowRoute } from './NowRoute'
import { RoomRoute } from './RoomRoute'
import { Shell } from './Shell'

const root = createRootRoute({ component: Shell })
const now = createRoute({ getParentRoute: () => root, path: '/', component: NowRoute })
const room = createRoute({ getParentRoute: () => root, path: '/rooms/$roomId', component: RoomPageOf })
const rest = createRoute({
  getParentRoute: () => root,
  path: '$',
  beforeLoad: () => {
    throw redirect({ to: '/' })
  },
})

/** A fresh page per room: nothing of one room's state may show in another. */
function RoomPageOf() {
  const { roomId } = room.useParams()
  return <RoomRoute key={roomId} roomId={roomId} />
}

function Broken({ error }: { error: unknown }) {
  return <ErrorState text={i18next.t('state.error')} code={error instanceof Error ? error.message : 'internal'} retry={() => location.reload()} />
}

export const router = createRouter({ routeTree: root.addChildren([now, room, rest]), defaultErrorComponent: Broken })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
