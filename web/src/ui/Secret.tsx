import { CopyButton, Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Button } from './Button'
import classes from './FormDialog.module.css'

interface Props {
  title: string
  note: string
  secret: string
  close: () => void
}

/** A secret that the hub tells once: to copy or to write down. */
export function Secret({ title, note, secret, close }: Props) {
  const { t } = useTranslation()
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ 'aria-label': t('room.close'), size: 48, iconSize: 22 }} classNames={{ title: classes.title }}>
      <div className={classes.form}>
        <p>{note}</p>
        <output className={classes.secret}>{secret}</output>
        <div className={classes.answers}>
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button icon={copied ? 'check' : 'copy'} height={44} onClick={copy}>
                {copied ? t('talk.copied') : t('talk.copy')}
              </Button>
            )}
          </CopyButton>
          <Button primary height={44} onClick={close}>
            {t('form.noted')}
          </Button>
        </div>
      </div>
    </Modal>
  )
}
