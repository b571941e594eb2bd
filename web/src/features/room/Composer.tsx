import { useMediaQuery } from '@mantine/hooks'
import { type KeyboardEvent, type RefObject, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keep } from '../../lib/keep'
import { Button } from '../../ui/Button'
import { bytesOf, enterSends, TEXT_BYTES } from '../../lib/ime'
import classes from './Composer.module.css'

export const PHONE = '(max-width: 47.99em)'

/** What is being written in a room, kept over reloads and sign-ins. */
export function useDraft(key: string): [string, (text: string) => void] {
  const [text, setText] = useState(() => keep.get(key))
  return [
    text,
    (next) => {
      setText(next)
      keep.set(key, next)
    },
  ]
}

/** Handlers that tell a sending Enter from one that belongs to an input method. */
function useEnter(send: () => void, phone: boolean) {
  const composedAt = useRef<number | null>(null)
  return {
    onCompositionEnd: (event: React.CompositionEvent) => (composedAt.current = event.timeStamp),
    onKeyUp: () => (composedAt.current = null),
    onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => {
      if (event.key === 'Escape') event.currentTarget.blur()
      const { key, shiftKey, nativeEvent, timeStamp } = event
      const native = { isComposing: nativeEvent.isComposing, keyCode: nativeEvent.keyCode }
      if (!enterSends({ key, shiftKey, timeStamp, ...native }, composedAt.current, phone)) return
      event.preventDefault()
      send()
    },
  }
}

interface Props {
  text: string
  setText: (text: string) => void
  post: (text: string) => void
  field: RefObject<HTMLTextAreaElement | null>
}

export function Composer({ text, setText, post, field }: Props) {
  const { t } = useTranslation()
  const phone = useMediaQuery(PHONE, false, { getInitialValueInEffect: false })
  const tooLong = bytesOf(text) > TEXT_BYTES
  const ready = text.trim() !== '' && !tooLong

  function send(): void {
    if (!ready) return
    post(text.trim())
    setText('')
    field.current?.focus()
  }

  const keys = useEnter(send, phone)
  return (
    <div className={classes.composer}>
      <div className={classes.grow} data-text={`${text}\n`}>
        <textarea
          ref={field}
          rows={1}
          value={text}
          aria-label={t('compose.label')}
          aria-invalid={tooLong}
          placeholder={t('compose.hint')}
          onChange={(event) => setText(event.currentTarget.value)}
          {...keys}
        />
      </div>
      {tooLong && (
        <span className={classes.long} role="alert">
          {t('compose.tooLong')}
        </span>
      )}
      <div className={classes.bar}>
        <span className={classes.hint} aria-hidden="true">
          <kbd>Enter</kbd> {t('compose.enter')}
        </span>
        <Button primary={!phone} quiet={phone} icon="send" height={phone ? 48 : 36} aria-label={t('compose.send')} disabled={!ready} onClick={send} />
      </div>
    </div>
  )
}
