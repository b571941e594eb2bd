import { useQuery } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import { useStore } from '../lib/store'
import { emptyLobby, type Lobby } from '../log/lobby'
import type { Connection } from '../ui/ConnectionStrip'
import type { Me } from '../wire'
import type { Hub } from './hub'
import { LOBBY, WHOLE_MS } from './lobby'

export const HubContext = createContext<Hub | null>(null)

export function useHub(): Hub {
  const hub = useContext(HubContext)
  if (!hub) throw new Error('no hub around this component')
  return hub
}

/** The signed-in user; pages are only drawn for one. */
export function useMe(): Me {
  const presence = useStore(useHub().presence)
  if (!presence.known || !presence.me) throw new Error('nobody is signed in')
  return presence.me
}

export function useLobby() {
  const hub = useHub()
  const query = useQuery<Lobby>({ queryKey: LOBBY, queryFn: () => hub.lobby.list(hub.api), refetchInterval: WHOLE_MS })
  return { ...query, lobby: query.data ?? emptyLobby }
}

export function useConnection(): Connection {
  const hub = useHub()
  const { downSince, stop } = useStore(hub.socket.state)
  const { entries } = useStore(hub.outbox.state)
  return { downSince, stop, waiting: entries.filter((it) => it.state === 'queued' || it.state === 'sending').length }
}
