import { createContext, type ReactNode, useContext } from 'react'
import type { Group } from '../../lib/mentions'
import type { RoomHere } from '../../log/here'
import type { Pending } from '../../log/outbox'
import type { Act, Closing, ClosingForm, Me, Message, Person, Room, Snapshot, Status, Version } from '../../wire'

/** What can be done with what was said; the same object as long as the page is there. Refusals are told by it. */
export interface TalkDeeds {
  react: (messageId: string, emoji: string, on: boolean) => void
  /** Answers the text that is there when somebody was faster. */
  edit: (message: Message, content: string) => Promise<'done' | 'refused' | 'gone' | Message>
  remove: (message: Message, reason?: string) => Promise<boolean>
  unread: (message: Message) => void
  copy: (text: string) => void
  /** Every text of a message, the first one first; rejects with a `Problem`. */
  history: (message: Message) => Promise<Version[]>
  /** People who can be mentioned, by a part of their name. */
  people: (q: string) => Promise<Person[]>
  /** Make somebody a member; answers whether they are now. */
  add: (person: Person) => Promise<boolean>
}

/** What comes along with a step: why, and the closing form. */
export interface ActFacts {
  reason?: string
  closing?: ClosingForm
}

/** What the parts of a room page share. */
export interface RoomView {
  snapshot: Snapshot
  me: Me
  live: boolean
  /** No connection: reading and writing go on, steps wait. */
  offline: boolean
  complete: boolean
  pending: readonly Pending[]
  here: RoomHere
  /** Marked unread from this seq on, while the room is open. */
  unreadFrom: number | null
  /** How old the page is, when it is; drawn under the bar. */
  strip: ReactNode
  act: (room: Room, to: Status, facts?: ActFacts) => Promise<void>
  /** The closing form, with what it lacks. */
  closing: (room: Room) => Promise<Closing>
  post: (text: string) => void
  older: () => Promise<void>
  read: (seq: number) => void
  retry: (id: string) => void
  discard: (id: string) => void
  /** I write here, or stopped; lossy. */
  typing: (active: boolean) => void
  deeds: TalkDeeds
}

export const RoomContext = createContext<RoomView | null>(null)

export function useView(): RoomView {
  const view = useContext(RoomContext)
  if (!view) throw new Error('no room around this component')
  return view
}

/** What a row of talk needs to know of who looks at it, and what it can ask for. Changes seldom. */
export interface RowDeeds {
  me: Me
  /** What I may do in the room. */
  can: readonly Act[]
  groups: readonly Group[]
  /** The room has ended, or I only look on: nothing that was said can be changed. */
  mayWrite: boolean
  phone: boolean
  react: TalkDeeds['react']
  edit: (message: Message) => void
  remove: (message: Message) => void
  unread: (message: Message) => void
  copy: (message: Message) => void
  history: (message: Message) => void
  add: (person: Person) => void
  /** Open the sheet of a message (phones). */
  sheet: (message: Message) => void
}

export const RowContext = createContext<RowDeeds | null>(null)

export function useRow(): RowDeeds {
  const deeds = useContext(RowContext)
  if (!deeds) throw new Error('no timeline around this row')
  return deeds
}
