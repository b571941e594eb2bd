import { createContext, useCallback, useContext, useEffect, useMemo } from 'react'
import { useStore } from '../lib/store'
import type { Message, Person } from '../wire'
import type { HereStore, RoomHere } from './here'
import type { Outbox, Pending } from './outbox'
import { type Reacting, withWishes } from './reacting'
import type { RoomLog, RoomLogs } from './rooms'

/** The client without React, as the hooks read it: the only place in `log` that knows React. */
export interface Client {
  logs: RoomLogs
  outbox: Pick<Outbox, 'state'>
  here: HereStore
  reacting: Pick<Reacting, 'state'>
  me: () => Person | null
}

export const ClientContext = createContext<Client | null>(null)

function useClient(): Client {
  const client = useContext(ClientContext)
  if (!client) throw new Error('no client around this component')
  return client
}

/** A room that is followed while the component is there. */
export function useRoom(roomId: string): RoomLog {
  const { logs } = useClient()
  useEffect(() => logs.open(roomId), [logs, roomId])
  return useStore(logs.state(roomId))
}

const NONE: Message[] = []

/** The messages of a followed room with my reactions at once, and my own that the log does not show yet. */
export function useMessages(roomId: string): { messages: Message[]; pending: readonly Pending[] } {
  const { logs, outbox } = useClient()
  const wished = useWished()
  const { snapshot } = useStore(logs.state(roomId))
  const { entries } = useStore(outbox.state)
  const [known, seq] = [snapshot?.messages ?? NONE, snapshot?.as_of_seq ?? 0]
  const messages = useMemo(() => wished(known), [known, wished])
  const pending = useMemo(() => entries.filter((it) => it.room === roomId && !(it.state === 'sent' && (it.seq ?? 0) <= seq)), [entries, roomId, seq])
  return { messages, pending }
}

/** Lays my reactions, at once, over messages of any part of the talk. */
export function useWished(): (messages: Message[]) => Message[] {
  const { reacting, me } = useClient()
  const wishes = useStore(reacting.state)
  return useCallback((messages: Message[]) => withWishes(messages, wishes, me()), [wishes, me])
}

/** Who is online in a room and who writes in it, while the component is there. */
export function usePresence(roomId: string): RoomHere {
  const { here } = useClient()
  useEffect(() => here.open(roomId), [here, roomId])
  return useStore(here.state(roomId))
}
