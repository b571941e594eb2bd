import { Modal } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { reasonOf } from '../lib/words'
import { Button } from './Button'
import classes from './FormDialog.module.css'

interface Props {
  title: string
  /** The word on the button that does it. */
  submit: string
  close: () => void
  /** Says in words what is missing, or nothing. */
  check?: () => string | null
  /** Rejects with a `Problem`; the dialog stays with what was typed. */
  send: () => Promise<unknown>
  children: ReactNode
  wide?: boolean
  /** Nothing in it is sent: only what stands in it can be done. */
  plain?: boolean
}

/** A dialog with a form: it closes when the hub has taken it, and says why when it has not. */
export function FormDialog({ title, submit, close, check, send, children, wide, plain }: Props) {
  const { t } = useTranslation()
  const [fault, setFault] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function onSubmit(event: FormEvent): Promise<void> {
    event.preventDefault()
    const missing = check?.() ?? null
    setFault(missing)
    if (missing !== null || busy) return
    setBusy(true)
    try {
      await send()
      close()
    } catch (why) {
      setFault(reasonOf(why, t))
      setBusy(false)
    }
  }
  const closing = { 'aria-label': t('room.close'), size: 48, iconSize: 22 }
  return (
    <Modal opened onClose={close} title={title} size={wide ? 'xl' : 'md'} closeButtonProps={closing} classNames={{ title: classes.title }}>
      <form className={classes.form} onSubmit={(event) => void onSubmit(event)} noValidate>
        {children}
        {fault && (
          <p className={classes.fault} role="alert">
            {fault}
          </p>
        )}
        {!plain && (
          <div className={classes.answers}>
            <Button height={44} onClick={close}>
              {t('form.cancel')}
            </Button>
            <Button height={44} primary type="submit" busy={busy}>
              {submit}
            </Button>
          </div>
        )}
      </form>
    </Modal>
  )
}
