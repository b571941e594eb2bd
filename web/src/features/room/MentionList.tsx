import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Avatar } from '../../ui/Avatar'
import { Icon } from '../../ui/Icon'
import { type Choice, nameOfChoice } from './calling'
import classes from './Composer.module.css'

const keyOf = (it: Choice) => (it.kind === 'group' ? it.group : it.person.id)

function Line({ choice }: { choice: Choice }) {
  const { t } = useTranslation()
  if (choice.kind === 'group') {
    return (
      <>
        <Icon name="people" size={20} />
        <b>@{choice.group}</b>
        <small>{t(`talk.group_${choice.group}`)}</small>
      </>
    )
  }
  return (
    <>
      <Avatar person={choice.person} size={24} />
      <b className="ell">{choice.person.name}</b>
      <small>{choice.person.kind === 'bot' ? t('room.bot') : ''}</small>
      {choice.outside && (
        <span className={classes.add}>
          <Icon name="joined" size={16} /> {t('talk.add')}
        </span>
      )}
    </>
  )
}

export const optionId = (n: number) => `mention-${n}`

/** Who can be called, above the field. The keyboard stays in the field. */
export function MentionList({ id, choices, at, choose }: { id: string; choices: readonly Choice[]; at: number; choose: (choice: Choice) => void }) {
  const { t } = useTranslation()
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // Newer browsers answer a promise here, which is no way to end an effect.
    void list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [at])
  const firstOutside = choices.findIndex((it) => it.kind === 'person' && it.outside)
  return (
    <div id={id} ref={list} className={classes.mentions} role="listbox" aria-label={t('talk.mention')}>
      {choices.map((it, n) => (
        <div key={keyOf(it)} role="presentation">
          {n === firstOutside && <p className={classes.outside}>{t('talk.outside')}</p>}
          <div
            id={optionId(n)}
            role="option"
            tabIndex={-1}
            aria-selected={n === at}
            aria-label={nameOfChoice(it)}
            className={classes.option}
            // The field must not lose the focus.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(it)}
            onKeyDown={() => undefined}
          >
            <Line choice={it} />
          </div>
        </div>
      ))}
    </div>
  )
}
