import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button'
import classes from './Band.module.css'
import { MoreMenu } from './MoreMenu'
import { useActKeys, useActs } from './useActs'

/** The steps beside the rail: the first is the page's filled button, rare ones are under ⋯. */
export function ActBar() {
  const { t } = useTranslation()
  const acts = useActs()
  const { main, blocked, busy, run, question } = acts
  useActKeys(acts)
  const why = blocked === 'offline' ? (word: string) => t('act.offline', { act: word }) : () => undefined
  return (
    <div className={classes.acts}>
      {main.map((act, n) => (
        <Button
          key={act.right}
          primary={n === 0}
          icon={act.icon}
          height={44}
          busy={busy && n === 0}
          disabled={blocked !== null || busy}
          title={why(t(act.word))}
          onClick={() => run(act)}
        >
          {t(act.word)}
        </Button>
      ))}
      <MoreMenu acts={acts} height={44} />
      {question}
    </div>
  )
}

/** The same steps under the thumb: one row, the next step widest. */
export function ThumbBar() {
  const { t } = useTranslation()
  const acts = useActs()
  const { main, blocked, busy, run, question } = acts
  useActKeys(acts)
  const [first, ...others] = main
  if (blocked === 'viewer' || !first) return null
  return (
    <div className={classes.thumb} data-alone={others.length === 0}>
      {others.map((act) => (
        <Button key={act.right} icon={act.icon} height={68} className={classes.beside} disabled={blocked !== null || busy} onClick={() => run(act)}>
          {t(act.word)}
        </Button>
      ))}
      <Button primary icon={first.icon} height={68} className={classes.next} busy={busy} disabled={blocked !== null} onClick={() => run(first)}>
        {t(first.word)}
      </Button>
      {blocked === 'offline' && (
        <small className={classes.why} role="note">
          {t('act.offline', { act: t(first.word) })}
        </small>
      )}
      {question}
    </div>
  )
}
