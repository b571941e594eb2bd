import { TextInput } from '@mantine/core'
import { type KeyboardEvent, type RefObject, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { enterSends } from '../../lib/ime'
import { Icon } from '../../ui/Icon'
import classes from './SearchPage.module.css'

interface Props {
  q: string
  find: (q: string) => void
  /** Arrow down: on to the hits. */
  down: () => void
  field: RefObject<HTMLInputElement | null>
}

/** Enter searches, but never the Enter with which an input method chooses a character. */
export function Field({ q, find, down, field }: Props) {
  const { t } = useTranslation()
  const [text, setText] = useState(q)
  const [shown, setShown] = useState(q)
  const composedAt = useRef<number | null>(null)
  if (shown !== q) {
    setShown(q) // the address moved: another search was chosen, or one went back
    setText(q)
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    const { key, shiftKey, timeStamp, nativeEvent } = event
    const native = { isComposing: nativeEvent.isComposing, keyCode: nativeEvent.keyCode }
    if (native.isComposing || native.keyCode === 229) return
    if (key === 'ArrowDown') {
      event.preventDefault()
      down()
    } else if (enterSends({ key, shiftKey, timeStamp, ...native }, composedAt.current, false)) {
      event.preventDefault()
      find(text.trim())
    }
  }

  return (
    <TextInput
      ref={field}
      type="search"
      autoFocus
      autoComplete="off"
      enterKeyHint="search"
      maxLength={500}
      value={text}
      aria-label={t('search.field')}
      placeholder={t('search.hint')}
      leftSection={<Icon name="search" size={20} />}
      classNames={{ input: classes.input, section: classes.section }}
      onChange={(event) => setText(event.currentTarget.value)}
      onCompositionEnd={(event) => (composedAt.current = event.timeStamp)}
      onKeyUp={() => (composedAt.current = null)}
      onKeyDown={onKeyDown}
    />
  )
}
