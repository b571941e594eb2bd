import { useTranslation } from 'react-i18next'
import { useView } from './context'
import classes from './Composer.module.css'

/** Who writes now: three names at most and how many; it keeps its place when nobody does. */
export function TypingLine() {
  const { here } = useView()
  const { t } = useTranslation()
  const { typing, writing } = here
  const names = typing
    .slice(0, 3)
    .map((it) => it.name)
    .join(t('room.list'))
  const words = writing > typing.length ? t('talk.typingMore', { names, count: writing }) : t('talk.typing', { names })
  return (
    <p className={classes.typing} aria-live="off">
      {names && words}
    </p>
  )
}
