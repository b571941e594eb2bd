import { Modal } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Closing, Status } from '../../wire'
import { Button } from '../../ui/Button'
import { type Act, actsOf, asksFirst, CLOSE } from './acts'
import classes from './Band.module.css'
import { ClosingDialog } from './ClosingDialog'
import { type ActFacts, useView } from './context'
import { FalseAlarmDialog } from './SeverityDialog'

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

function StillActive({ asking, answer }: { asking: Act | null; answer: (sure: boolean) => void }) {
  const { t } = useTranslation()
  return (
    <Modal opened={asking !== null} onClose={() => answer(false)} title={t('act.stillActive')} withCloseButton={false}>
      <div className={classes.answers}>
        <Button height={48} onClick={() => answer(false)}>
          {t('act.cancel')}
        </Button>
        <Button height={48} primary onClick={() => answer(true)}>
          {asking ? t('act.sure', { act: t(asking.word) }) : ''}
        </Button>
      </div>
    </Modal>
  )
}

/** The steps of this room now, and what happens on a tap. */
export function useActs(): RoomActs {
  const { snapshot, offline, act, closing } = useView()
  const [busy, setBusy] = useState(false)
  const [asking, setAsking] = useState<Act | null>(null)
  const [filling, setFilling] = useState<Closing | null>(null)

  function perform({ to }: Act, facts?: ActFacts): void {
    setAsking(null)
    setFilling(null)
    setBusy(true)
    void (facts ? act(snapshot.room, to, facts) : act(snapshot.room, to)).finally(() => setBusy(false))
  }

  /** Closing asks for the form where the room must have one; else it is one tap. */
  async function close(chosen: Act): Promise<void> {
    setBusy(true)
    const found = await closing(snapshot.room).catch(() => null)
    setBusy(false)
    if (found && found.missing.length > 0) setFilling(found)
    else perform(chosen)
  }

  function run(chosen: Act): void {
    if (asksFirst(snapshot.room, chosen.to) || chosen.to === 'false_alarm') setAsking(chosen)
    else if (chosen.to === 'closed') void close(chosen)
    else perform(chosen)
  }
  const [doubt, ending] = asking?.to === 'false_alarm' ? [null, asking] : [asking, null]
  const question = (
    <>
      {filling && <ClosingDialog closing={filling} submit="act.closed" close={() => setFilling(null)} send={async (form) => perform(CLOSE, { closing: form })} />}
      {ending && <FalseAlarmDialog close={() => setAsking(null)} send={async (reason) => perform(ending, { reason })} />}
      <StillActive asking={doubt} answer={(sure) => (sure && doubt ? perform(doubt) : setAsking(null))} />
    </>
  )
  const acts = actsOf(snapshot)
  const nothing = acts.main.length + acts.more.length === 0
  const blocked = nothing ? 'viewer' : offline ? 'offline' : null
  return { ...acts, blocked, busy, run, question }
}

/** `t` takes, `a` arrives: once on a page, beside its bar of steps. */
export function useActKeys({ main, more, blocked, busy, run }: RoomActs): void {
  const byKey = (to: Status) => () => {
    const found = [...main, ...more].find((it) => it.to === to)
    if (found && blocked === null && !busy) run(found)
  }
  useHotkeys([['t', byKey('acknowledged')], ['a', byKey('on_site')]])
}
