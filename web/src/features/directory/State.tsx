import { useTranslation } from 'react-i18next'
import { dateTime } from '../../lib/format'
import { EmptyState } from '../../ui/EmptyState'
import { Icon } from '../../ui/Icon'
import { Block } from '../../ui/Section'
import { StateChip } from '../../ui/StateChip'
import type { DirectoryStatus } from '../../wire'
import classes from './Directory.module.css'

type Look = Pick<DirectoryStatus, 'looked_at' | 'held' | 'fault'>

/** Key of what the last look says, the worst first. */
export function verdictOf({ looked_at, held, fault }: Look): 'held' | 'faulty' | 'faultOther' | 'never' | 'fine' {
  if (held > 0) return 'held'
  if (fault !== null) return fault === 'directory_unavailable' ? 'faulty' : 'faultOther'
  return looked_at === null ? 'never' : 'fine'
}

function Controllers({ status }: { status: DirectoryStatus }) {
  const { t } = useTranslation()
  return (
    <Block title={t('directory.controllers')}>
      <p className={classes.note}>{t('directory.asked')}</p>
      <ol className={classes.controllers}>
        {status.controllers.map((it) => (
          <li key={it.url}>
            <span className="mono">{it.url}</span>
            {it.late && <StateChip icon="stale" look="high" word={t('directory.late')} />}
          </li>
        ))}
      </ol>
    </Block>
  )
}

/** Whether the directory answers, when it was last looked at, and whom the safety valve holds back. */
export function State({ status }: { status: DirectoryStatus }) {
  const { t, i18n } = useTranslation()
  if (!status.configured) return <EmptyState text={t('directory.off')} />
  const verdict = verdictOf(status)
  const fine = verdict === 'fine' || verdict === 'never'
  const when = (at: string | null) => (at ? dateTime(at, i18n.language) : '—')
  return (
    <>
      <div className={classes.state} data-fine={fine} role={fine ? 'status' : 'alert'}>
        <Icon name={verdict === 'fine' ? 'check' : verdict === 'never' ? 'clock' : 'flag'} size={20} />
        <div className="grow">
          <b>{t(`directory.${verdict}`, { count: status.held, code: status.fault })}</b>
          {verdict === 'held' && <p>{t('directory.heldHint')}</p>}
          <p>
            {t('directory.lastLook')} {when(status.looked_at)} · {t('directory.lastGood')} {when(status.succeeded_at)}
          </p>
        </div>
      </div>
      <Controllers status={status} />
    </>
  )
}
