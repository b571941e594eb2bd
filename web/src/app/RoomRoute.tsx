import { Link, useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { RoomView } from '../features/room/context'
import { RoomPage } from '../features/room/RoomPage'
import { Unsent } from '../features/room/Unsent'
import { useMessages, usePresence, useRoom, useWished } from '../log/react'
import { joined } from '../log/stretch'
import { ErrorState } from '../ui/EmptyState'
import { useAct } from './acts'
import { useConnection, useHub, useMe } from './context'
import { useDeeds } from './deeds'
import { useJump } from './jump'
import { JumpBar } from './JumpBar'
import { Strip } from './Shell'

function useReadMark(roomId: string) {
  const hub = useHub()
  return useCallback(
    (seq: number) => {
      hub.api.markRead(roomId, seq).then(
        (mark) => {
          if (hub.logs.state(roomId).get().unreadFrom !== null) return // Late: it was marked unread meanwhile.
          hub.lobby.read(roomId, mark.last_read_seq, { unread: mark.unread, mentions: mark.mentions ?? 0 })
          hub.logs.read(roomId, mark.last_read_seq)
        },
        () => undefined, // The next message or the next visit marks it again.
      )
    },
    [hub, roomId],
  )
}

/** Follows the room while its page is open; `at` is the seq of a message to point at. */
export function RoomRoute({ roomId, at }: { roomId: string; at?: number }) {
  const hub = useHub()
  const me = useMe()
  const act = useAct()
  const { t } = useTranslation()
  const walk = useNavigate()
  const log = useRoom(roomId)
  const { messages: newest, pending } = useMessages(roomId)
  const here = usePresence(roomId)
  const offline = useConnection().downSince !== null
  const read = useReadMark(roomId)
  const deeds = useDeeds(roomId)
  const typing = useCallback((active: boolean) => hub.socket.typing(roomId, active), [hub, roomId])
  const snapshot = useMemo(() => log.snapshot && { ...log.snapshot, messages: newest }, [log.snapshot, newest])
  const wished = useWished()
  const jump = useJump(roomId, at, log, hub.logs)

  const { problem } = log
  if (!snapshot) {
    if (!problem || problem.code === 'offline') return <Strip />
    return (
      <ErrorState text={t(log.gone ? 'room.gone' : 'room.failed')} code={problem.code} retry={() => void hub.logs.load(roomId)}>
        <Link to="/">{t('now.title')}</Link>
        <Unsent pending={pending} discard={hub.outbox.remove} />
      </ErrorState>
    )
  }
  const view: RoomView = {
    snapshot,
    me,
    live: log.live,
    complete: log.complete,
    offline,
    pending,
    here,
    unreadFrom: log.unreadFrom,
    strip: <Strip />,
    act,
    closing: ({ id }) => hub.api.closing(id),
    read,
    post: (text) => void hub.outbox.add(roomId, text),
    older: () => hub.logs.older(roomId),
    retry: hub.outbox.retry,
    discard: hub.outbox.remove,
    typing,
    deeds,
  }
  if (jump.waiting) return <Strip />
  const { stretch } = jump
  if (!stretch) return <RoomPage view={view} />
  const { messages, whole } = joined(stretch, snapshot.messages)
  const from: Partial<RoomView> = { snapshot: { ...snapshot, messages: wished(messages) }, complete: stretch.before === null, older: jump.older }
  if (whole) return <RoomPage key={at} view={{ ...view, ...from }} />
  // What is seen is not the newest: nothing is read by it, and what I write leads back to where it will stand.
  const post = (text: string) => {
    view.post(text)
    void walk({ to: '/rooms/$roomId', params: { roomId } })
  }
  const strip = (
    <>
      {view.strip}
      <JumpBar room={roomId} newer={jump.newer} />
    </>
  )
  return <RoomPage key={at} view={{ ...view, ...from, pending: [], read: () => undefined, post, strip }} />
}
