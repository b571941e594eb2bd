import { Menu } from '@mantine/core'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { changeLanguage, type Language } from '../../lib/i18n'
import { type Appearance, APPEARANCES, chooseAppearance, useAppearance } from '../../ui/appearance'
import { Icon, type IconName } from '../../ui/Icon'

const LANGUAGES: Language[] = ['zh-TW', 'en']
const PICTURE: Record<Appearance, IconName> = { system: 'system', light: 'light', dark: 'dark', contrast: 'contrast' }

interface Props {
  /** The button that opens it. */
  children: ReactElement
  signOut?: () => void
  /** Tell many people something; for those who may. */
  broadcast?: () => void
  /** To the settings; only when signed in. */
  settings?: () => void
}

/** Appearance, language and, when signed in, the way out. */
export function SettingsMenu({ children, signOut, broadcast, settings }: Props) {
  const { t, i18n } = useTranslation()
  const chosen = useAppearance()
  const mark = (on: boolean) => (on ? <Icon name="check" size={16} /> : null)
  return (
    <Menu position="top-start" shadow="md" width={232} withinPortal>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        {broadcast && (
          <>
            <Menu.Item leftSection={<Icon name="broadcast" />} onClick={broadcast}>
              {t('broadcast.open')}
            </Menu.Item>
            <Menu.Divider />
          </>
        )}
        {settings && (
          <>
            <Menu.Item leftSection={<Icon name="settings" />} onClick={settings}>
              {t('settings.title')}
            </Menu.Item>
            <Menu.Divider />
          </>
        )}
        <Menu.Label>{t('theme.label')}</Menu.Label>
        {APPEARANCES.map((it) => (
          <Menu.Item key={it} leftSection={<Icon name={PICTURE[it]} />} rightSection={mark(it === chosen)} onClick={() => chooseAppearance(it)}>
            {t(`theme.${it}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t('language.label')}</Menu.Label>
        {LANGUAGES.map((it) => (
          <Menu.Item key={it} leftSection={<Icon name="language" />} rightSection={mark(it === i18n.language)} onClick={() => changeLanguage(it)}>
            {t(`language.${it}`)}
          </Menu.Item>
        ))}
        {signOut && (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<Icon name="signOut" />} onClick={signOut}>
              {t('nav.signOut')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
