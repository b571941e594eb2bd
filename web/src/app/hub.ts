import { QueryClient } from '@tanstack/react-query'
import { createApi } from '../lib/api'
import { serverNow } from '../lib/clock'
import { keep } from '../lib/keep'
import { Problem } from '../lib/problem'
import { createStore } from '../lib/store'
import { createBroadcasts } from '../log/broadcasts'
import { createHere } from '../log/here'
import { createOutbox } from '../log/outbox'
import type { Client } from '../log/react'
import { createReacting } from '../log/reacting'
import { createRoomLogs } from '../log/rooms'
import { indexedShelf } from '../log/shelf'
import { createSocket } from '../log/socket'
import type { Me, Signal, SignedIn } from '../wire'
import { createLobby } from './lobby'

/** Who is here: not asked yet, nobody (perhaps after a session ended), or a person. */
export type Presence = { known: false; away: boolean } | { known: true; me: Me | null; ended: boolean }

/** Remembers that this device has a refresh cookie, which scripts cannot see. */
const SIGNED_IN = 'signed-in'

const later = (run: () => void, ms: number) => void setTimeout(run, ms)
const schedule = (run: () => void) => void (document.hidden ? setTimeout(run, 50) : requestAnimationFrame(run))
const socketUrl = () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`

/** Everything behind the pages, wired once: REST, the socket, the logs, the outbox and the room list. */
export function createHub() {
  const presence = createStore<Presence>({ known: false, away: false })
  let lastUser: string | null = null
  const queries = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: 2, refetchOnWindowFocus: false } } })
  const api = createApi({ fetch: (...call) => fetch(...call), onSignedOut: () => leave(true) })
  const lobby = createLobby(queries, later, Date.now, api.room)
  const broadcasts = createBroadcasts({ list: api.broadcasts, seen: api.seen })
  const me = () => {
    const now = presence.get()
    return now.known ? now.me : null
  }
  const here = createHere({ online: api.online, typing: api.typing, me: () => me()?.id ?? null, later })

  function signal(frame: Signal): void {
    if (frame.kind === 'lobby' || frame.kind === 'read') lobby.signal(frame)
    if (frame.kind === 'read' && frame.room) logs.read(frame.room, frame.last_read_seq ?? 0, frame.unread)
    here.signal(frame)
    broadcasts.signal(frame)
  }

  const socket = createSocket(
    {
      url: socketUrl,
      ticket: async () => (await api.ticket()).ticket,
      WebSocket,
      now: () => Date.now(),
      random: () => Math.random(),
    },
    {
      event: (frame) => {
        logs.event(frame)
        if (frame.actor && frame.actor.id === me()?.id) schedule(() => reacting.heard(frame)) // In one drawing with the log.
      },
      signal,
      resync: (room) => void logs.load(room),
      caughtUp: (room) => logs.caughtUp(room),
      forbidden: (room) => logs.forbidden(room),
      ready: () => {
        outbox.setOnline(true)
        lobby.refresh()
        here.ready()
        void broadcasts.refresh()
      },
      signedOut: () => leave(true),
    },
  )
  const outbox = createOutbox({
    shelf: indexedShelf(),
    post: ({ room, id, content }) => socket.send({ room, client_msg_id: id, content }),
    now: () => serverNow(),
    later,
  })
  const logs = createRoomLogs({
    snapshot: api.snapshot,
    older: api.older,
    newer: api.newer,
    around: api.around,
    follow: socket.follow,
    unfollow: socket.unfollow,
    arrived: outbox.arrived,
    hidden: lobby.drop,
    schedule,
    later,
  })

  const reacting = createReacting({
    change: ({ message, emoji, on }) => socket.change({ op: on ? 'react' : 'unreact', message_id: message, emoji }),
    later,
  })
  const client: Client = { logs, outbox, here, reacting, me }

  socket.state.subscribe(() => {
    if (socket.state.get().phase === 'ready') return
    outbox.setOnline(false)
    logs.lost()
    here.lost()
  })

  /** Nothing one person read or wrote may show to the next one at this screen. */
  function forget(): void {
    outbox.close()
    logs.clear()
    here.clear()
    reacting.clear()
    broadcasts.clear()
    queries.clear()
  }

  function enter({ user }: SignedIn): void {
    if (lastUser !== null && lastUser !== user.id) forget()
    lastUser = user.id
    keep.set(SIGNED_IN, '1')
    presence.set({ known: true, me: user, ended: false })
    void outbox.open(user.id)
    socket.start()
  }

  function leave(ended: boolean): void {
    const now = presence.get()
    socket.stop()
    if (!ended) {
      keep.set(SIGNED_IN, '')
      forget()
    }
    if (!now.known || now.me || !ended) presence.set({ known: true, me: null, ended: ended && now.known && now.me !== null })
  }

  return {
    api,
    rest: Object.assign(api.rest, { download: api.download }),
    socket,
    outbox,
    logs,
    reacting,
    broadcasts,
    client,
    lobby,
    queries,
    presence,
    signIn: async (username: string, password: string) => {
      enter(await api.signIn(username, password))
    },
    choosePassword: async (username: string, password: string, chosen: string) => {
      enter(await api.choosePassword(username, password, chosen))
    },
    signOut: async () => {
      await api.signOut()
      leave(false)
    },
    /** Ask the refresh cookie who is here; when no answer comes the page keeps asking. */
    async begin(): Promise<void> {
      if (keep.get(SIGNED_IN) === '') return presence.set({ known: true, me: null, ended: false })
      try {
        enter(await api.refresh())
      } catch (why) {
        if (why instanceof Problem && why.status >= 400 && why.status < 500) return presence.set({ known: true, me: null, ended: false })
        presence.set({ known: false, away: true })
        later(() => void this.begin(), 2000)
      }
    },
  }
}

export type Hub = ReturnType<typeof createHub>
