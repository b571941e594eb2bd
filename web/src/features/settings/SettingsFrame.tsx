import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon, type IconName } from '../../ui/Icon'
import classes from './SettingsFrame.module.css'

export interface SectionLink {
  id: string
  icon: IconName
  label: string
}

/** Settings 設定: left the sections this person may use, right one of them. On a phone first the list, then the page. */
export function SettingsFrame({ sections, chosen, children }: { sections: readonly SectionLink[]; chosen: string | null; children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <div className={classes.page} data-chosen={chosen !== null}>
      <nav className={classes.nav} aria-label={t('settings.title')}>
        <h1>{t('settings.title')}</h1>
        {sections.map((it) => (
          <Link key={it.id} to="/settings/$section" params={{ section: it.id }} className={classes.link} activeProps={{ 'data-here': true }}>
            <Icon name={it.icon} size={20} />
            <span className="grow">{it.label}</span>
            <Icon name="right" size={16} className="muted" />
          </Link>
        ))}
      </nav>
      <div className={classes.body}>
        {chosen !== null && (
          <Link to="/settings" className={classes.back}>
            <Icon name="left" size={20} />
            {t('settings.title')}
          </Link>
        )}
        {children}
      </div>
    </div>
  )
}
