import { Modal } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button'
import classes from './Band.module.css'
import { type Act, actsOf, asksFirst } from './acts'
import type { Status } from '../../wire'
import { useView } from './context'

interface RoomActs {
  main: Act[]
  more: Act[]
  /** Why steps cannot be taken now; null when they can. */
  blocked: 'offline' | 'viewer' | null
  busy: boolean
  run: (act: Act) => void
  /** The question that is asked before a doubtful step; draw it once. */
  question: ReactNode
}

/** The steps of this room now, and what happens on a tap. */
export function useActs(): RoomActs {
  const { snapshot, me, offline, act } = useView()
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  const [asking, setAsking] = useState<Act | null>(null)

  function perform({ to }: Act): void {
    setAsking(null)
    setBusy(true)
    void act(snapshot.room, to).finally(() => setBusy(false))
  }

  const run = (chosen: Act) => (asksFirst(snapshot.room, chosen.to) ? setAsking(chosen) : perform(chosen))
  const question = (
    <Modal opened={asking !== null} onClose={() => setAsking(null)} title={t('act.stillActive')} withCloseButton={false}>
      <div className={classes.answers}>
        <Button height={48} onClick={() => setAsking(null)}>
          {t('act.cancel')}
        </Button>
        <Button height={48} primary onClick={() => asking && perform(asking)}>
          {asking ? t('act.sure', { act: t(asking.word) }) : ''}
        </Button>
      </div>
    </Modal>
  )
  const blocked = me.role === 'viewer' ? 'viewer' : offline ? 'offline' : null
  const acts = actsOf(snapshot.room)
  const byKey = (to: Status) => () => {
    const found = acts.main.find((it) => it.to === to)
    if (found && blocked === null && !busy) run(found)
  }
  useHotkeys([['t', byKey('acknowledged')], ['a', byKey('on_site')]])
  return { ...acts, blocked, busy, run, question }
}
