import { Modal } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button'
import classes from './Band.module.css'
import { type Act, actsOf, asksFirst, CLOSE } from './acts'
import { ClosingDialog } from './ClosingDialog'
import type { Closing, ClosingForm, Status } from '../../wire'
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
  const { snapshot, offline, act, closing } = useView()
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  const [asking, setAsking] = useState<Act | null>(null)
  const [filling, setFilling] = useState<Closing | null>(null)

  function perform({ to }: Act, form?: ClosingForm): void {
    setAsking(null)
    setFilling(null)
    setBusy(true)
    void (form ? act(snapshot.room, to, form) : act(snapshot.room, to)).finally(() => setBusy(false))
  }

  /** Closing asks for the form where the room must have one; else it is one tap. */
  async function close(chosen: Act): Promise<void> {
    setBusy(true)
    const found = await closing(snapshot.room).catch(() => null)
    setBusy(false)
    if (found && (found.missing ?? []).length > 0) setFilling(found)
    else perform(chosen)
  }

  function run(chosen: Act): void {
    if (asksFirst(snapshot.room, chosen.to)) setAsking(chosen)
    else if (chosen.to === 'closed') void close(chosen)
    else perform(chosen)
  }
  const question = (
    <>
    <ClosingDialog closing={filling} cancel={() => setFilling(null)} save={(form) => perform(CLOSE, form)} />
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
    </>
  )
  const acts = actsOf(snapshot)
  const nothing = acts.main.length + acts.more.length === 0
  const blocked = nothing ? 'viewer' : offline ? 'offline' : null
  const byKey = (to: Status) => () => {
    const found = acts.main.find((it) => it.to === to)
    if (found && blocked === null && !busy) run(found)
  }
  useHotkeys([['t', byKey('acknowledged')], ['a', byKey('on_site')]])
  return { ...acts, blocked, busy, run, question }
}
