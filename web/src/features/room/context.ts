import { createContext, type ReactNode, useContext } from 'react'
import type { Pending } from '../../log/outbox'
import type { Me, Room, Snapshot, Status } from '../../wire'

/** What the parts of a room page share. */
export interface RoomView {
  snapshot: Snapshot
  me: Me
  live: boolean
  /** No connection: reading and writing go on, steps wait. */
  offline: boolean
  complete: boolean
  pending: readonly Pending[]
  /** How old the page is, when it is; drawn under the bar. */
  strip: ReactNode
  act: (room: Room, to: Status) => Promise<void>
  post: (text: string) => void
  older: () => Promise<void>
  read: (seq: number) => void
  retry: (id: string) => void
  discard: (id: string) => void
}

export const RoomContext = createContext<RoomView | null>(null)

export function useRoom(): RoomView {
  const view = useContext(RoomContext)
  if (!view) throw new Error('no room around this component')
  return view
}
