import { useMediaQuery } from '@mantine/hooks'
import { type KeyboardEvent, type RefObject, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { bytesOf, enterSends, isComposed, NEAR_BYTES, TEXT_BYTES } from '../../lib/ime'
import { countCalls, encode, MOST_MENTIONS } from '../../lib/mentions'
import { Button } from '../../ui/Button'
import { Icon } from '../../ui/Icon'
import classes from './Composer.module.css'
import type { Draft } from './draft'
import { MentionList, optionId } from './MentionList'
import { type Callable, type Calling, useCalling } from './useCalling'

export const PHONE = '(max-width: 47.99em)'

interface Props {
  draft: Draft
  setDraft: (draft: Draft) => void
  /** Takes the text as it goes over the wire: picked names are tokens. */
  post: (content: string) => void
  field: RefObject<HTMLTextAreaElement | null>
  callable: Callable
  /** The field changes a message that is there, until this is called. */
  cancelEdit?: () => void
  /** ArrowUp in an empty field. */
  editLast?: () => void
  wrote?: () => void
  stopped?: () => void
}

const WALKS = ['ArrowLeft', 'ArrowRight', 'Home', 'End']

/** Handlers that tell a person's keys from those that belong to an input method. */
function useKeys(send: () => void, phone: boolean, calling: Calling, { draft, cancelEdit, editLast }: Props) {
  const composedAt = useRef<number | null>(null)
  return {
    onCompositionEnd: (event: React.CompositionEvent) => (composedAt.current = event.timeStamp),
    onKeyUp: ({ key }: KeyboardEvent) => {
      composedAt.current = null
      if (WALKS.includes(key)) calling.look()
    },
    onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => {
      const { key, shiftKey, nativeEvent, timeStamp } = event
      const pressed = { key, shiftKey, timeStamp, isComposing: nativeEvent.isComposing, keyCode: nativeEvent.keyCode }
      if (isComposed(pressed, composedAt.current)) return
      if (!shiftKey && calling.onKey(key)) return event.preventDefault()
      if (key === 'Escape') return cancelEdit ? cancelEdit() : event.currentTarget.blur()
      if (key === 'ArrowUp' && draft.text === '' && editLast) {
        event.preventDefault()
        return editLast()
      }
      if (!enterSends(pressed, composedAt.current, phone)) return
      event.preventDefault()
      send()
    },
  }
}

/** Why the text cannot go; null when it can or is empty. */
function useFault(content: string, draft: Draft, callable: Callable): string | null {
  const { t } = useTranslation()
  if (bytesOf(content) > TEXT_BYTES) return t('compose.tooLong')
  const count = /[@＠]/.test(content) ? countCalls(content, [...callable.members, ...draft.picks.map((it) => ({ ...it, kind: 'person' as const }))]) : 0
  return count > MOST_MENTIONS ? t('talk.tooMany', { most: MOST_MENTIONS, count }) : null
}

function Editing({ cancel }: { cancel: () => void }) {
  const { t } = useTranslation()
  return (
    <div className={classes.editing}>
      <Icon name="edit" size={16} />
      <b className="grow">{t('editing.title')}</b>
      <span className={classes.hint}>{t('editing.hint')}</span>
      <Button quiet icon="close" height={32} aria-label={t('editing.cancel')} onClick={cancel} />
    </div>
  )
}

/** The field where one writes; in an edit it takes the message's text. */
export function Composer(props: Props) {
  const { draft, setDraft, post, field, callable, cancelEdit, wrote, stopped } = props
  const { t } = useTranslation()
  const phone = useMediaQuery(PHONE, false, { getInitialValueInEffect: false })
  const listId = useId()
  const { text, picks } = draft
  const calling = useCalling({ field, text, callable, put: (next, picked) => setDraft({ text: next, picks: picked ? [...picks, picked] : picks }) })
  const content = encode(text.trim(), picks, callable.members)
  const fault = useFault(content, draft, callable)
  const bytes = bytesOf(content)
  const ready = content !== '' && fault === null

  function send(): void {
    if (!ready) return
    calling.close()
    stopped?.()
    post(content)
    field.current?.focus()
  }

  const typed = (next: string) => {
    setDraft({ text: next, picks: next.trim() === '' ? [] : picks })
    calling.look()
    if (next.trim() === '') stopped?.()
    else wrote?.()
  }
  const open = calling.choices.length > 0
  const keys = useKeys(send, phone, calling, props)
  return (
    <div className={classes.composer} data-editing={cancelEdit ? true : undefined}>
      {cancelEdit && <Editing cancel={cancelEdit} />}
      {open && <MentionList id={listId} choices={calling.choices} at={calling.at} choose={calling.choose} />}
      <div className={classes.grow} data-text={`${text}\n`}>
        <textarea
          ref={field}
          rows={1}
          value={text}
          aria-label={t(cancelEdit ? 'editing.title' : 'compose.label')}
          aria-invalid={fault !== null}
          aria-autocomplete="list"
          aria-controls={open ? listId : undefined}
          aria-activedescendant={open ? optionId(calling.at) : undefined}
          placeholder={t('compose.hint')}
          onChange={(event) => typed(event.currentTarget.value)}
          onClick={calling.look}
          onBlur={() => {
            calling.close()
            stopped?.()
          }}
          {...keys}
        />
      </div>
      {fault && (
        <span className={classes.long} role="alert">
          {fault}
        </span>
      )}
      <div className={classes.bar}>
        {bytes >= NEAR_BYTES && bytes <= TEXT_BYTES && <span className={classes.left}>{t('editing.bytes', { left: TEXT_BYTES - bytes })}</span>}
        <span className={classes.hint} aria-hidden="true">
          <kbd>Enter</kbd> {t(cancelEdit ? 'editing.save' : 'compose.enter')}
        </span>
        <Button primary={!phone} quiet={phone} icon={cancelEdit ? 'check' : 'send'} height={phone ? 48 : 36} aria-label={t(cancelEdit ? 'editing.save' : 'compose.send')} disabled={!ready} onClick={send} />
      </div>
    </div>
  )
}
