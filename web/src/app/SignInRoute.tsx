import { useTranslation } from 'react-i18next'
import { SettingsMenu } from '../features/settings/SettingsMenu'
import { SignInPage } from '../features/signin/SignInPage'
import { changeLanguage } from '../lib/i18n'
import { useStore } from '../lib/store'
import { Button } from '../ui/Button'
import { useHub } from './context'

function Tools() {
  const { t, i18n } = useTranslation()
  return (
    <>
      <SettingsMenu>
        <Button quiet icon="contrast" height={44} aria-label={t('nav.settings')} />
      </SettingsMenu>
      <Button icon="language" height={44} aria-label={t('app.otherLanguage')} onClick={() => changeLanguage(i18n.language === 'en' ? 'zh-TW' : 'en')}>
        {t('app.language')}
      </Button>
    </>
  )
}

/** Shown at any address while nobody is signed in, so that the page one was on is there afterwards. */
export function SignInRoute({ ended }: { ended: boolean }) {
  const hub = useHub()
  const waiting = useStore(hub.outbox.state).entries.filter((it) => it.state !== 'failed').length
  return <SignInPage signIn={hub.signIn} choose={hub.choosePassword} ended={ended ? { waiting } : null} tools={<Tools />} />
}
