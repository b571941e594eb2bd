import { Checkbox, NumberInput, Textarea, TextInput } from '@mantine/core'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Block } from '../../ui/Section'
import { CLOSING, FIELDS, LANGUAGES } from './draft'
import { Kinds, Toggles, useForm, Words } from './parts'
import classes from './Templates.module.css'

/** A hint stands below, so that fields side by side stand level. */
const HINT_BELOW = ['label', 'input', 'description', 'error'] as Array<'label' | 'input' | 'description' | 'error'>
const WORDS = ['lines', 'machines', 'areas', 'sites', 'codes', 'conditions', 'shifts'] as const

/** Its name, whether it counts, and its place among equals. */
export function Naming() {
  const { t } = useTranslation()
  const { draft, set } = useForm()
  return (
    <Block title={t('templates.general')}>
      <div className={classes.grid}>
        <TextInput className={classes.wide} label={t('templates.name')} maxLength={80} value={draft.name} onChange={(event) => set({ name: event.currentTarget.value })} />
        <Checkbox label={t('templates.enabled')} description={t('templates.enabledHint')} checked={draft.enabled} onChange={(event) => set({ enabled: event.currentTarget.checked })} />
        <NumberInput inputWrapperOrder={HINT_BELOW} label={t('templates.priority')} description={t('templates.priorityHint')} min={-1000} max={1000} allowDecimal={false} value={draft.priority} onChange={(value) => set({ priority: Number(value) || 0 })} />
      </div>
    </Block>
  )
}

/** Which incidents it is for. */
export function Matching() {
  const { t } = useTranslation()
  const { draft, set, known } = useForm()
  const change = (one: typeof draft.match) => set({ match: { ...draft.match, ...one } })
  const offered = (name: (typeof WORDS)[number]) => (name === 'codes' || name === 'conditions' ? [] : known[name])
  return (
    <Block title={t('templates.matches')}>
      <p className={classes.note}>{t('templates.matchHint')}</p>
      <div className={classes.grid}>
        {WORDS.map((name) => (
          <Words key={name} inputWrapperOrder={HINT_BELOW} label={t(`templates.match.${name}`)} description={name === 'codes' ? t('templates.codesHint') : undefined} placeholder={(draft.match[name] ?? []).length === 0 ? t('templates.any') : undefined} data={offered(name)} value={draft.match[name] ?? []} onChange={(words) => change({ [name]: words })} />
        ))}
        <Kinds condition={draft.match} change={change} />
      </div>
    </Block>
  )
}

/** The room's name: text and fields, which are put in where the cursor stands. */
export function RoomName() {
  const { t } = useTranslation()
  const { draft, set, readOnly } = useForm()
  const input = useRef<HTMLInputElement>(null)
  const put = (field: string) => {
    const at = input.current?.selectionStart ?? draft.name_pattern.length
    const [before, after] = [draft.name_pattern.slice(0, at), draft.name_pattern.slice(at)]
    set({ name_pattern: `${before}${/\S$/.test(before) ? ' ' : ''}{${field}}${after}` })
    input.current?.focus()
  }
  return (
    <Block title={t('templates.roomName')}>
      <TextInput ref={input} aria-label={t('templates.roomName')} maxLength={200} classNames={{ input: 'mono' }} value={draft.name_pattern} onChange={(event) => set({ name_pattern: event.currentTarget.value })} />
      {!readOnly && (
        <div className={`${classes.chips} ${classes.fields}`} role="group" aria-label={t('templates.putField')}>
          {FIELDS.map((it) => (
            <button key={it} type="button" className={classes.toggle} title={`{${it}}`} onClick={() => put(it)}>
              + {t(`templates.fact.${it}`)}
            </button>
          ))}
        </div>
      )}
    </Block>
  )
}

/** What is said first in the room. */
export function Welcome() {
  const { t } = useTranslation()
  const { draft, set } = useForm()
  return (
    <Block title={t('templates.welcome')}>
      <p className={classes.note}>{t('templates.welcomeHint')}</p>
      <p className={classes.code}>{'{{ machine }} {{ text }} {% if code %}({{ code }}){% endif %} {% for it in members %}{{ it.name }} {% endfor %}'}</p>
      {LANGUAGES.map((it) => (
        <Textarea key={it} label={t(`language.${it}`)} autosize minRows={3} maxRows={12} classNames={{ input: 'mono' }} value={draft.welcome[it] ?? ''} onChange={(event) => set({ welcome: { ...draft.welcome, [it]: event.currentTarget.value } })} />
      ))}
    </Block>
  )
}

/** What must be filled in to close, and how long the room is kept. */
export function Ending() {
  const { t } = useTranslation()
  const { draft, set } = useForm()
  return (
    <Block title={t('templates.ending')}>
      <div className={classes.grid}>
        <div className={classes.wide}>
          <Toggles label={t('templates.closingFields')} all={CLOSING} chosen={draft.closing_fields} choose={(closing_fields) => set({ closing_fields })} name={(it) => t(`templates.closing.${it}`)} />
        </div>
        <NumberInput inputWrapperOrder={HINT_BELOW} label={t('templates.retention')} description={t('templates.retentionHint')} min={1} max={3650} allowDecimal={false} value={draft.retention_days ?? ''} onChange={(value) => set({ retention_days: value === '' ? null : Number(value) })} />
      </div>
    </Block>
  )
}
