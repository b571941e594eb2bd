import { useTranslation } from 'react-i18next'
import { Block, Section } from '../../ui/Section'
import type { Me } from '../../wire'
import { Devices } from './Devices'
import classes from './MyPage.module.css'

/** Who I am to the hub, and where I am signed in. */
export function MyPage({ me }: { me: Me }) {
  const { t } = useTranslation()
  return (
    <Section title={t('settings.me')} lead={t('account.lead')}>
      <Block title={me.name}>
        <dl className={classes.facts}>
          <dt>{t('account.username')}</dt>
          <dd className="mono">{me.username}</dd>
          <dt>{t('account.role')}</dt>
          <dd>{t(`role.${me.role}`)}</dd>
        </dl>
      </Block>
      <Devices />
    </Section>
  )
}
