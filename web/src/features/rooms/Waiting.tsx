import { useTranslation } from 'react-i18next'
import classes from './Now.module.css'

/** Grey blocks where rows will stand. */
export function Waiting() {
  const { t } = useTranslation()
  return (
    <div className={classes.blocks} role="status" aria-label={t('state.loading')}>
      {[0, 1, 2].map((n) => (
        <i key={n} />
      ))}
    </div>
  )
}
