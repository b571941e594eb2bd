import { Group, Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useNow } from '../lib/clock'
import { spanOf } from '../lib/format'
import { useStore } from '../lib/store'
import { Button } from '../ui/Button'
import { useHub } from './context'

/** Asks once for the whole queue before anything older than ten minutes goes out. */
export function OldMessages() {
  const hub = useHub()
  const { t } = useTranslation()
  const now = useNow()
  const { asking } = useStore(hub.outbox.state)
  const { downSince } = useStore(hub.socket.state)
  const { key, values } = spanOf(now - (asking?.oldest ?? now))
  const question = t('outbox.old', { count: asking?.count ?? 0, span: t(key, values) })
  return (
    <Modal opened={asking !== null && downSince === null} onClose={() => hub.outbox.answer(false)} title={question} withCloseButton={false}>
      <Group justify="flex-end">
        <Button height={44} onClick={() => hub.outbox.answer(false)}>
          {t('outbox.keep')}
        </Button>
        <Button height={44} primary onClick={() => hub.outbox.answer(true)}>
          {t('outbox.sendThem')}
        </Button>
      </Group>
    </Modal>
  )
}
