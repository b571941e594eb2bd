import { useTranslation } from 'react-i18next'
import { wordOf } from '../../lib/words'
import type { Pending } from '../../log/outbox'
import { Button } from '../../ui/Button'
import classes from './RoomPage.module.css'

/** What I wrote into a room that is no longer mine and could not be sent: the words are still there to be taken along. */
export function Unsent({ pending, discard }: { pending: readonly Pending[]; discard: (id: string) => void }) {
  const { t } = useTranslation()
  const failed = pending.filter((it) => it.state === 'failed')
  if (failed.length === 0) return null
  return (
    <ul className={classes.unsent}>
      {failed.map((it) => (
        <li key={it.id}>
          <q>{it.content}</q>
          <span>{t('outbox.failed', { reason: wordOf(it.reason, t) })}</span>
          <Button icon="remove" onClick={() => discard(it.id)}>
            {t('outbox.remove')}
          </Button>
        </li>
      ))}
    </ul>
  )
}
