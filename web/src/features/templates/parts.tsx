import { TagsInput, type TagsInputProps, TextInput } from '@mantine/core'
import { type ComponentType, createContext, useContext } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button'
import { StateChip } from '../../ui/StateChip'
import type { ItemCondition } from '../../wire'
import { CATEGORIES, type Draft, LANGUAGES, SEVERITIES } from './draft'
import classes from './Templates.module.css'
import type { Known } from './useTemplates'

export interface Form {
  draft: Draft
  set: (change: Partial<Draft>) => void
  known: Known
  /** For those who may read the template and not change it. */
  readOnly: boolean
}

export const FormContext = createContext<Form | null>(null)

export function useForm(): Form {
  const form = useContext(FormContext)
  if (!form) throw new Error('no form around this component')
  return form
}

/** Several words, one by one; those the plant knows are offered. */
export function Words(props: TagsInputProps) {
  const { readOnly } = useForm()
  return <TagsInput {...props} readOnly={readOnly} acceptValueOnBlur splitChars={[',', '，', '、']} />
}

interface TogglesProps<T extends string> {
  label: string
  all: readonly T[]
  chosen: readonly T[]
  choose: (next: T[]) => void
  name: (it: T) => string
}

/** Several of a few: each is a button that stays pressed; who only reads sees those that are chosen. */
export function Toggles<T extends string>({ label, all, chosen, choose, name }: TogglesProps<T>) {
  const { t } = useTranslation()
  const { readOnly } = useForm()
  const flip = (it: T) => choose(all.filter((one) => (one === it ? !chosen.includes(it) : chosen.includes(one))))
  return (
    <div role="group" aria-label={label} className={classes.toggles}>
      <span className={classes.label}>{label}</span>
      <div className={classes.chips}>
        {readOnly && (chosen.length > 0 ? chosen.map((it) => <StateChip key={it} word={name(it)} />) : t('templates.any'))}
        {(readOnly ? [] : all).map((it) => (
          <button key={it} type="button" aria-pressed={chosen.includes(it)} className={classes.toggle} onClick={() => flip(it)}>
            {name(it)}
          </button>
        ))}
      </div>
    </div>
  )
}

/** Severities and categories of a condition. */
export function Kinds({ condition, change }: { condition: ItemCondition; change: (change: ItemCondition) => void }) {
  const { t } = useTranslation()
  return (
    <>
      <Toggles label={t('templates.match.severities')} all={SEVERITIES} chosen={condition.severities ?? []} choose={(severities) => change({ severities })} name={(it) => t(`severity.${it}`)} />
      <Toggles label={t('templates.match.categories')} all={CATEGORIES} chosen={condition.categories ?? []} choose={(categories) => change({ categories })} name={(it) => t(`category.${it}`)} />
    </>
  )
}

interface BothProps {
  label: string
  texts: Record<string, string>
  change: (texts: Record<string, string>) => void
}

/** One line of text in both languages. */
export function BothTexts({ label, texts, change }: BothProps) {
  const { t } = useTranslation()
  return LANGUAGES.map((it) => (
    <TextInput key={it} label={`${label}（${t(`language.${it}`)}）`} maxLength={300} value={texts[it] ?? ''} onChange={(event) => change({ ...texts, [it]: event.currentTarget.value })} />
  ))
}

export interface RowProps<T> {
  row: T
  set: (change: Partial<T>) => void
}

interface RowsProps<T> {
  rows: readonly T[]
  change: (rows: T[]) => void
  /** What one row is called, with its number. */
  name: (number: number) => string
  fresh: T
  add: string
  empty: string
  max: number
  Fields: ComponentType<RowProps<T>>
}

/** Rows that are added, removed and put in order. */
export function Rows<T>({ rows, change, name, fresh, add, empty, max, Fields }: RowsProps<T>) {
  const { t } = useTranslation()
  const { readOnly } = useForm()
  const swap = (place: number) => change(rows.map((it, at) => (at === place - 1 ? (rows[place] ?? it) : at === place ? (rows[place - 1] ?? it) : it)))
  const bar = (place: number) => (
    <span className={classes.rowActs}>
      {place > 0 && (
        <Button height={32} aria-label={t('templates.up', { name: name(place + 1) })} onClick={() => swap(place)}>
          ↑
        </Button>
      )}
      <Button height={32} icon="remove" aria-label={t('templates.removeOf', { name: name(place + 1) })} onClick={() => change(rows.filter((_, at) => at !== place))} />
    </span>
  )
  return (
    <>
      {rows.length === 0 && <p className={classes.note}>{empty}</p>}
      {rows.map((row, place) => (
        // Rows have no name of their own, and are few.
        <section key={place} className={classes.line} aria-label={name(place + 1)}>
          <header>
            <b className="grow">{name(place + 1)}</b>
            {!readOnly && bar(place)}
          </header>
          <Fields row={row} set={(one) => change(rows.map((it, at) => (at === place ? { ...it, ...one } : it)))} />
        </section>
      ))}
      {!readOnly && rows.length < max && (
        <Button icon="add" height={44} onClick={() => change([...rows, fresh])}>
          {add}
        </Button>
      )}
    </>
  )
}
