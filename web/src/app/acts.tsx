import { notifications } from '@mantine/notifications'
import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../lib/problem'
import { Button } from '../ui/Button'
import type { Room, Status } from '../wire'
import { useHub } from './context'
import type { Hub } from './hub'

const UNDO_MS = 5000

type Act = (room: Room, to: Status) => Promise<void>

/** Move an incident on; taking over can be undone for five seconds. Resolves when the hub has answered. */
export function useAct(): Act {
  const hub = useHub()
  const { t } = useTranslation()
  return useMemo(() => createAct(hub, t), [hub, t])
}

function createAct(hub: Hub, t: TFunction): Act {

  /** One toast at a time: a newer act makes the older one's undo pointless. */
  function say(message: React.ReactNode): void {
    notifications.clean()
    notifications.show({ message, autoClose: UNDO_MS, withCloseButton: false })
  }
  const refused = (why: unknown, to: Status) => {
    const code = why instanceof Problem ? why.code : 'internal'
    const word = t(`problem.${code}`, { defaultValue: t('problem.other', { code }) })
    say(`${t('act.failed', { act: t(`act.${to}`, { defaultValue: t(`status.${to}`) }) })}: ${word}`)
  }

  async function undo(room: Room): Promise<void> {
    notifications.clean()
    try {
      hub.lobby.row(await hub.api.transition(room.id, 'open'))
      say(t('act.undone', { code: room.code }))
    } catch (why) {
      refused(why, 'open')
    }
  }

  return async (room, to) => {
    notifications.clean()
    try {
      hub.lobby.row(await hub.api.transition(room.id, to))
    } catch (why) {
      return refused(why, to)
    }
    if (to !== 'acknowledged') return
    const line = (
      <div className="row">
        <span className="grow">{t('act.took', { code: room.code })}</span>
        <Button icon="undo" height={36} onClick={() => void undo(room)}>
          {t('act.undo')}
        </Button>
      </div>
    )
    say(line)
  }
}
