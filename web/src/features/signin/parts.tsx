import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/Icon'
import classes from './SignIn.module.css'

export const inputs = { root: classes.field, label: classes.label, input: classes.input, innerInput: classes.inner, error: classes.error }

export const Eye = ({ reveal }: { reveal: boolean }) => <Icon name={reveal ? 'show' : 'hide'} size={22} />

/** Why the hub refused, in words. */
export function Refused({ code }: { code: string | null }) {
  const { t } = useTranslation()
  if (!code) return null
  return (
    <p className={classes.refused} role="alert">
      {t(`problem.${code}`, { defaultValue: t('problem.other', { code }) })}
    </p>
  )
}
