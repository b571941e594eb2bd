import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { BroadcastBanner } from '../features/broadcasts/BroadcastBanner'
import { BroadcastForm } from '../features/broadcasts/BroadcastForm'
import { serverNow } from '../lib/clock'
import { textIn } from '../lib/format'
import { useStore } from '../lib/store'
import { reasonOf } from '../lib/words'
import { isLive, isWatched } from '../log/lobby'
import { say } from '../ui/toast'
import type { NewBroadcast } from '../wire'
import { useHub, useLobby } from './context'

export function Broadcasts() {
  const { broadcasts } = useHub()
  const { t } = useTranslation()
  const all = useStore(broadcasts.state)
  const seen = (id: string) =>
    void broadcasts.seen(id, new Date(serverNow()).toISOString()).catch((why: unknown) => say(t('talk.failed', { act: t('broadcast.seen'), reason: reasonOf(why, t) })))
  return <BroadcastBanner broadcasts={all} seen={seen} />
}

/** The form with what this page knows of lines and rooms. */
export function NewBroadcastDialog({ close }: { close: () => void }) {
  const hub = useHub()
  const { t, i18n } = useTranslation()
  const { lobby } = useLobby()
  const rooms = useMemo(() => Object.values(lobby.rows).map((it) => it.room), [lobby])
  const open = rooms.filter((it) => isLive(it) || isWatched(it))
  const named = open.map((it) => ({ id: it.id, name: [it.code, it.machine, textIn(it.fault, i18n.language, it.title)].filter(Boolean).join(' ') }))
  const lines = [...new Set(rooms.flatMap((it) => it.line ?? []))].sort()
  const send = async (body: NewBroadcast) => {
    await hub.api.broadcast(body)
    say(t('broadcast.sent'))
  }
  return <BroadcastForm close={close} lines={lines} rooms={named} people={hub.api.people} send={send} />
}
