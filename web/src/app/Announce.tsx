import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { textIn } from '../lib/format'
import type { RoomRow } from '../wire'

/** Says a new critical incident aloud, once, to people who hear the page. */
export function Announce({ live, ready }: { live: readonly RoomRow[]; ready: boolean }) {
  const { t, i18n } = useTranslation()
  const [known, setKnown] = useState<ReadonlySet<string> | null>(null)
  const [said, setSaid] = useState('')
  const critical = live.filter(({ room }) => room.severity === 'critical')
  if (ready && known === null) setKnown(new Set(critical.map(({ room }) => room.id)))
  const fresh = known && critical.find(({ room }) => !known.has(room.id))
  if (fresh) {
    setKnown(new Set([...known, fresh.room.id]))
    setSaid([t('severity.critical'), fresh.room.machine, textIn(fresh.room.fault, i18n.language, fresh.room.title)].filter(Boolean).join(' '))
  }
  return (
    <p role="alert" className="visually-hidden">
      {said}
    </p>
  )
}
