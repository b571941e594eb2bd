import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../lib/problem'
import { reasonOf } from '../lib/words'
import type { TalkDeeds } from '../features/room/context'
import { say } from '../ui/toast'
import { useHub } from './context'
import type { Hub } from './hub'

type DeedHub = Pick<Hub, 'api' | 'socket' | 'reacting' | 'lobby' | 'logs'>
type Name = 'edit' | 'remove' | 'unread' | 'react' | 'unreact' | 'add'

/** What was refused, and why, in one line. Offline it says that this cannot wait in the outbox. */
function tell(t: TFunction, name: Name, why: unknown): void {
  const act = t(`talk.${name}`)
  const offline = why instanceof Problem && why.code === 'offline'
  say(offline ? t('act.offline', { act }) : t('talk.failed', { act, reason: reasonOf(why, t) }))
}

/** What can be done with the messages of a room, told to the hub; refusals become a toast. */
export function createDeeds(hub: DeedHub, roomId: string, t: TFunction): TalkDeeds {
  const { api, socket } = hub
  return {
    react: (id, emoji, on) => void hub.reacting.react(id, emoji, on).catch((why: unknown) => tell(t, on ? 'react' : 'unreact', why)),
    async edit({ message_id, version = 1 }, content) {
      try {
        await socket.change({ op: 'edit', message_id, content, version })
        return 'done'
      } catch (why) {
        const faster = why instanceof Problem && why.code === 'edit_conflict'
        const latest = faster ? await api.message(roomId, message_id).catch(() => null) : null
        if (latest) return latest
        if (why instanceof Problem && why.code === 'deleted') {
          say(t('talk.editGone'))
          return 'gone'
        }
        tell(t, 'edit', why)
        return 'refused'
      }
    },
    async remove({ message_id }, reason) {
      try {
        await socket.change({ op: 'delete', message_id, ...(reason ? { reason } : {}) })
        return true
      } catch (why) {
        tell(t, 'remove', why)
        return false
      }
    },
    unread({ seq }) {
      hub.logs.hold(roomId, seq) // Before the hub knows it: the page would mark it read meanwhile.
      api.markRead(roomId, seq - 1, true).then(
        (mark) => {
          hub.lobby.read(roomId, mark.last_read_seq, { unread: mark.unread, mentions: mark.mentions ?? 0 }, true)
          hub.logs.read(roomId, mark.last_read_seq, true)
          say(t('talk.markedUnread'))
        },
        (why: unknown) => {
          hub.logs.hold(roomId, null)
          tell(t, 'unread', why)
        },
      )
    },
    copy: (text) => void copied(text).then(() => say(t('talk.copied'))),
    history: ({ message_id }) => api.history(message_id),
    people: api.people,
    async add(person) {
      try {
        await api.addMember(roomId, person.id)
        say(t('talk.added', { name: person.name }))
        return true
      } catch (why) {
        tell(t, 'add', why)
        return false
      }
    },
  }
}

/** Plain http has no clipboard for scripts: there a selected field is copied. */
async function copied(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    const field = document.createElement('textarea')
    field.value = text
    document.body.append(field)
    field.select()
    document.execCommand('copy')
    field.remove()
  }
}

export function useDeeds(roomId: string): TalkDeeds {
  const hub = useHub()
  const { t } = useTranslation()
  return useMemo(() => createDeeds(hub, roomId, t), [hub, roomId, t])
}
