import { Navigate } from '@tanstack/react-router'
import { useMediaQuery } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { SettingsFrame } from '../features/settings/SettingsFrame'
import { useMe } from './context'
import { SECTIONS } from './settings'

/** The settings as far as the signed-in person may use them; a desk shows the first section at once. */
export function SettingsRoute({ section }: { section?: string }) {
  const me = useMe()
  const { t } = useTranslation()
  const phone = useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false })
  const mine = SECTIONS.filter((it) => it.may(me))
  const chosen = mine.find((it) => it.id === section)
  const first = mine[0]?.id ?? 'me'
  if (!chosen && (section !== undefined || !phone)) return <Navigate to="/settings/$section" params={{ section: first }} replace />
  return (
    <SettingsFrame sections={mine.map((it) => ({ ...it, label: t(it.label) }))} chosen={chosen?.id ?? null}>
      {chosen && <chosen.page me={me} />}
    </SettingsFrame>
  )
}
