import { useTranslation } from 'react-i18next'
import { dateTime } from '../../lib/format'
import { Button } from '../../ui/Button'
import type { RoomTemplate, TemplateView } from '../../wire'
import { differing } from './draft'
import classes from './Templates.module.css'

interface Props {
  mine: RoomTemplate
  newer: TemplateView
  /** Give up what was changed here and look at the newest version. */
  look: () => void
  /** Save over the newest version, knowing it. */
  overwrite: () => void
}

/** Somebody else saved meanwhile: who and when, what differs, and the two ways on. */
export function Conflict({ mine, newer, look, overwrite }: Props) {
  const { t, i18n } = useTranslation()
  const fields = differing(newer.template, mine).map((it) => t(`templates.field.${it}`))
  return (
    <div className={classes.conflict} role="alert">
      <b>{t('templates.conflict', { who: newer.edited_by?.name ?? t('templates.hub'), at: dateTime(newer.edited_at, i18n.language), version: newer.version })}</b>
      <p>{t('templates.conflictFields', { fields: fields.join(t('room.list')) })}</p>
      <div className={classes.chips}>
        <Button height={44} icon="again" onClick={look}>
          {t('templates.lookAt', { version: newer.version })}
        </Button>
        <Button height={44} icon="check" onClick={overwrite}>
          {t('templates.overwrite')}
        </Button>
      </div>
    </div>
  )
}
