import { Modal } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { reasonOf } from '../../lib/words'
import { Button } from '../../ui/Button'
import classes from './Shifts.module.css'

interface DialogProps {
  title: string
  close: () => void
  /** What is missing, in words, or null. */
  missing: () => string | null
  /** Rejects with a `Problem`. */
  save: () => Promise<unknown>
  children: ReactNode
}

/** A form over the page: it stays open, with the reason, when the hub refuses. */
export function Dialog({ title, close, missing, save, children }: DialogProps) {
  const { t } = useTranslation()
  const [fault, setFault] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    const lacks = missing()
    setFault(lacks)
    if (lacks) return
    setBusy(true)
    try {
      await save()
      close()
    } catch (why) {
      setFault(t('shifts.notDone', { reason: reasonOf(why, t) }))
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ 'aria-label': t('room.close'), size: 48, iconSize: 22 }} classNames={{ title: classes.formTitle }}>
      <form className={classes.form} onSubmit={(event) => void submit(event)} noValidate>
        {children}
        {fault && (
          <p className={classes.error} role="alert">
            {fault}
          </p>
        )}
        <div className={classes.answers}>
          <Button height={44} onClick={close}>
            {t('shifts.cancel')}
          </Button>
          <Button height={44} primary icon="check" type="submit" busy={busy}>
            {t('shifts.save')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
