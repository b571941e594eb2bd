import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/Button'

/** One reads a stretch from earlier: a way on, and the way back to the newest. */
export function JumpBar({ room, newer }: { room: string; newer: () => Promise<void> }) {
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  const run = () => {
    setBusy(true)
    void newer()
      .catch(() => undefined)
      .finally(() => setBusy(false))
  }
  return (
    <div className="jumpBar" role="status">
      <span>{t('search.older')}</span>
      <Button quiet icon="down" busy={busy} onClick={run}>
        {t('search.newer')}
      </Button>
      <Link to="/rooms/$roomId" params={{ roomId: room }}>
        {t('search.latest')}
      </Link>
    </div>
  )
}
