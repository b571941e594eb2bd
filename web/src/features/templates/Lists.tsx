import { Checkbox, NativeSelect, NumberInput, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Block } from '../../ui/Section'
import type { ItemRule, MemberRule, Runbook } from '../../wire'
import { BothTexts, Kinds, type RowProps, Rows, useForm, Words } from './parts'
import classes from './Templates.module.css'

const BY: ReadonlyArray<MemberRule['by']> = ['on_shift', 'team', 'role']
const ROLES = ['responder', 'lead', 'admin', 'viewer'] as const
const ROOM_ROLES = ['responder', 'lead', 'viewer'] as const

/** A team by its key; one that is named and not known here stays to be chosen. */
function TeamChoice({ label, none, value, choose }: { label: string; none: string; value: string | null | undefined; choose: (key: string | null) => void }) {
  const { known } = useForm()
  const teams = known.teams.map((it) => ({ value: it.key, label: it.name }))
  const strange = value && !teams.some((it) => it.value === value) ? [{ value, label: `${value} ?` }] : []
  return <NativeSelect label={label} data={[{ value: '', label: none }, ...teams, ...strange]} value={value ?? ''} onChange={(event) => choose(event.currentTarget.value || null)} />
}

function Rule({ row: rule, set }: RowProps<MemberRule>) {
  const { t } = useTranslation()
  const turn = (by: MemberRule['by']) => set({ by, role: by === 'role' ? 'responder' : null, team: null, only_leads: false })
  return (
    <div className={classes.grid}>
      <NativeSelect label={t('templates.who')} data={BY.map((value) => ({ value, label: t(`templates.by.${value}`) }))} value={rule.by} onChange={(event) => turn(event.currentTarget.value as MemberRule['by'])} />
      {rule.by === 'role' ? (
        <NativeSelect label={t('templates.hubRole')} data={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))} value={rule.role ?? 'responder'} onChange={(event) => set({ role: event.currentTarget.value as MemberRule['role'] })} />
      ) : (
        <TeamChoice label={t('templates.team')} none={rule.by === 'team' ? t('templates.chooseTeam') : t('templates.anyTeam')} value={rule.team} choose={(team) => set({ team })} />
      )}
      <NativeSelect label={t('templates.roomRole')} data={ROOM_ROLES.map((value) => ({ value, label: t(`roomRole.${value}`) }))} value={rule.room_role ?? 'responder'} onChange={(event) => set({ room_role: event.currentTarget.value as MemberRule['room_role'] })} />
      {rule.by !== 'role' && <Checkbox className={classes.check} label={t('templates.onlyLeads')} checked={rule.only_leads ?? false} onChange={(event) => set({ only_leads: event.currentTarget.checked })} />}
    </div>
  )
}

/** Who is put into the room. */
export function Members() {
  const { t } = useTranslation()
  const { draft, set } = useForm()
  return (
    <Block title={t('templates.members')}>
      <Rows
        rows={draft.members}
        change={(members) => set({ members })}
        name={(number) => t('templates.rule', { number })}
        fresh={{ by: 'on_shift', room_role: 'responder' }}
        add={t('templates.addRule')}
        empty={t('templates.noRules')}
        max={20}
        Fields={Rule}
      />
    </Block>
  )
}

function Assignee({ row: item, set }: RowProps<ItemRule>) {
  const { t } = useTranslation()
  return (
    <>
      <TeamChoice label={t('templates.itemTeam')} none={t('templates.noTeam')} value={item.team} choose={(team) => set({ team, assignee: null })} />
      <TextInput label={t('templates.assignee')} placeholder={t('templates.assigneeHint')} autoCapitalize="none" spellCheck={false} maxLength={64} value={item.assignee ?? ''} onChange={(event) => set({ assignee: event.currentTarget.value, team: null })} />
    </>
  )
}

function Item({ row: item, set }: RowProps<ItemRule>) {
  const { t } = useTranslation()
  const { known } = useForm()
  const when = item.when ?? {}
  const conditions = Object.values(when).filter((it) => it.length > 0).length
  const change = (one: typeof when) => set({ when: { ...when, ...one } })
  return (
    <>
      <div className={classes.grid}>
        <BothTexts label={t('templates.itemText')} texts={item.text} change={(text) => set({ text })} />
        <Assignee row={item} set={set} />
        <NumberInput label={t('templates.due')} placeholder={t('templates.noDue')} min={0} max={10080} allowDecimal={false} value={item.due_minutes ?? ''} onChange={(value) => set({ due_minutes: value === '' ? null : Number(value) })} />
      </div>
      <details className={classes.when}>
        <summary>{conditions > 0 ? t('templates.whenCount', { count: conditions }) : t('templates.whenAlways')}</summary>
        <div className={classes.grid}>
          <Kinds condition={when} change={change} />
          <Words label={t('templates.match.codes')} value={when.codes ?? []} onChange={(codes) => change({ codes })} />
          <Words label={t('templates.match.shifts')} data={known.shifts} value={when.shifts ?? []} onChange={(shifts) => change({ shifts })} />
        </div>
      </details>
    </>
  )
}

/** What has to be done, by whom, until when, and in which cases. */
export function Checklist() {
  const { t } = useTranslation()
  const { draft, set } = useForm()
  return (
    <Block title={t('templates.checklist')}>
      <Rows
        rows={draft.checklist}
        change={(checklist) => set({ checklist })}
        name={(number) => t('templates.item', { number })}
        fresh={{ text: {} }}
        add={t('templates.addItem')}
        empty={t('templates.noItems')}
        max={50}
        Fields={Item}
      />
    </Block>
  )
}

function Book({ row: book, set }: RowProps<Runbook>) {
  const { t } = useTranslation()
  const wrong = book.url !== '' && !/^https?:\/\/\S+$/.test(book.url.trim())
  return (
    <div className={classes.grid}>
      <BothTexts label={t('templates.bookTitle')} texts={book.title} change={(title) => set({ title })} />
      <TextInput className={classes.wide} type="url" label={t('templates.url')} placeholder="https://" error={wrong && t('templates.urlWrong')} value={book.url} onChange={(event) => set({ url: event.currentTarget.value })} />
    </div>
  )
}

/** Links to what helps. */
export function Runbooks() {
  const { t } = useTranslation()
  const { draft, set } = useForm()
  return (
    <Block title={t('templates.runbooks')}>
      <Rows
        rows={draft.runbooks}
        change={(runbooks) => set({ runbooks })}
        name={(number) => t('templates.runbook', { number })}
        fresh={{ title: {}, url: '' }}
        add={t('templates.addRunbook')}
        empty={t('templates.noRunbooks')}
        max={20}
        Fields={Book}
      />
    </Block>
  )
}
