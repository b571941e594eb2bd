import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router'
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

export const router = createRouter({ routeTree: root.addChildren([now, room, rest]) })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
