import { useTranslation } from 'react-i18next'
import { dateTime } from '../../lib/format'
import { Icon } from '../../ui/Icon'
import type { AuditState } from '../../wire'
import classes from './Audit.module.css'

/** Whether the chain of hashes fits, and its head to keep elsewhere. */
export function Chain({ state }: { state: AuditState }) {
  const { t, i18n } = useTranslation()
  const late = state.unsealed_seconds > 60
  const fine = state.chain_ok && !late
  const text = !state.chain_ok ? t('audit.broken', { place: state.broken }) : late ? t('audit.late', { count: state.unsealed }) : t('audit.whole')
  return (
    <div className={classes.chain} data-fine={fine} role={fine ? 'status' : 'alert'}>
      <Icon name={fine ? 'check' : 'flag'} size={20} />
      <p className="grow">
        <b>{text}</b>
        <small>
          {state.sealed_at && t('audit.sealed', { at: dateTime(state.sealed_at, i18n.language) })} <span className="mono">{state.head}</span>
        </small>
      </p>
    </div>
  )
}
