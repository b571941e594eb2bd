import { Link } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { RoomView } from '../features/room/context'
import { RoomPage } from '../features/room/RoomPage'
import { Unsent } from '../features/room/Unsent'
import { useMessages, usePresence, useRoom } from '../log/react'
import { ErrorState } from '../ui/EmptyState'
import { useAct } from './acts'
import { useConnection, useHub, useMe } from './context'
import { useDeeds } from './deeds'
import { Strip } from './Shell'

function useReadMark(roomId: string) {
  const hub = useHub()
  return useCallback(
    (seq: number) => {
      hub.api.markRead(roomId, seq).then(
        (mark) => {
          hub.lobby.read(roomId, mark.last_read_seq, { unread: mark.unread, mentions: mark.mentions ?? 0 })
          hub.logs.read(roomId, mark.last_read_seq)
        },
        () => undefined, // The next message or the next visit marks it again.
      )
    },
    [hub, roomId],
  )
}

/** Follows the room while its page is open. */
export function RoomRoute({ roomId }: { roomId: string }) {
  const hub = useHub()
  const me = useMe()
  const act = useAct()
  const { t } = useTranslation()
  const log = useRoom(roomId)
  const { messages, pending } = useMessages(roomId)
  const here = usePresence(roomId)
  const offline = useConnection().downSince !== null
  const read = useReadMark(roomId)
  const deeds = useDeeds(roomId)
  const typing = useCallback((active: boolean) => hub.socket.typing(roomId, active), [hub, roomId])
  const snapshot = useMemo(() => log.snapshot && { ...log.snapshot, messages }, [log.snapshot, messages])

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
    read,
    post: (text) => void hub.outbox.add(roomId, text),
    older: () => hub.logs.older(roomId),
    retry: hub.outbox.retry,
    discard: hub.outbox.remove,
    typing,
    deeds,
  }
  return <RoomPage view={view} />
}
