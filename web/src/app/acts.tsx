import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { reasonOf } from '../lib/words'
import { Button } from '../ui/Button'
import { say, silence } from '../ui/toast'
import type { ActFacts } from '../features/room/context'
import type { Room, Status } from '../wire'
import { useHub } from './context'
import type { Hub } from './hub'

type Act = (room: Room, to: Status, facts?: ActFacts) => Promise<void>

/** Move an incident on; taking over can be undone for five seconds. Resolves when the hub has answered. */
export function useAct(): Act {
  const hub = useHub()
  const { t } = useTranslation()
  return useMemo(() => createAct(hub, t), [hub, t])
}

function createAct(hub: Hub, t: TFunction): Act {
  const refused = (why: unknown, to: Status) => {
    say(`${t('act.failed', { act: t(`act.${to}`, { defaultValue: t(`status.${to}`) }) })}: ${reasonOf(why, t)}`)
  }

  async function undo(room: Room): Promise<void> {
    silence()
    try {
      hub.lobby.row(await hub.api.transition(room.id, 'open'))
      say(t('act.undone', { code: room.code }))
    } catch (why) {
      refused(why, 'open')
    }
  }

  return async (room, to, facts) => {
    silence()
    try {
      hub.lobby.row(await hub.api.transition(room.id, to, facts))
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
