import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './Button'
import classes from './EmptyState.module.css'

/** One sentence of what will stand here. */
export function EmptyState({ title, text }: { title?: string; text: string }) {
  return (
    <div className={classes.empty}>
      {title && <p className={classes.title}>{title}</p>}
      <p>{text}</p>
    </div>
  )
}

/** What failed, a way on, and the code for whoever is asked; `children` is another way on. */
export function ErrorState({ text, code, retry, children }: { text: string; code: string; retry: () => void; children?: ReactNode }) {
  const { t } = useTranslation()
  return (
    <div className={classes.empty} role="alert">
      <p className={classes.title}>{text}</p>
      <p>{t(`problem.${code}`, { defaultValue: t('problem.other', { code }) })}</p>
      <Button icon="again" onClick={retry}>
        {t('state.retry')}
      </Button>
      {children}
      <small className="mono muted">{code}</small>
    </div>
  )
}
