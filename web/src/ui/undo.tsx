import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { reasonOf } from '../lib/words'
import { Button } from './Button'
import { say } from './toast'

function Undo({ text, word, undo }: { text: string; word: string; undo: () => void }) {
  return (
    <div className="row">
      <span className="grow">{text}</span>
      <Button icon="undo" onClick={undo}>
        {word}
      </Button>
    </div>
  )
}

/** Says why something was not done. */
export const sayFailed = (why: unknown, t: TFunction) => say(t('form.failed', { reason: reasonOf(why, t) }))

/** Says what was done, with its way back for as long as the toast stands. */
export function useUndo() {
  const { t } = useTranslation()
  return (text: string, undo: () => Promise<unknown>) => {
    const back = () =>
      void undo().then(
        () => say(t('form.undone')),
        (why: unknown) => sayFailed(why, t),
      )
    say(<Undo text={text} word={t('form.undo')} undo={back} />)
  }
}
