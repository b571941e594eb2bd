import type { TFunction } from 'i18next'
import type { ItemRule, MemberRule, Reason } from '../../wire'

const CODED = ['severity', 'category']

/** Severities and categories in the reader's words; everything else is the plant's own word. */
export function wordsOf(condition: string, words: readonly string[], t: TFunction): string {
  const told = CODED.includes(condition) ? words.map((it) => t(`${condition}.${it}`, { defaultValue: it })) : words
  return told.join(t('templates.or'))
}

const split = (words: string) => words.split(', ').filter(Boolean)

/** A condition that holds, a rule that meant somebody, or what is not known here: in words. */
export function reasonIn({ code, params = {} }: Reason, t: TFunction): string {
  const { value = '', role = '', shift, team, name, field } = params
  if (code.endsWith('_unknown')) return t(`templates.warning.${code}`, { name, field, defaultValue: t('templates.warning.other', { name }) })
  if (code === 'role') return t('templates.reason.role', { role: t(`role.${role}`) })
  if (code === 'on_shift') return t(team ? 'templates.reason.onShiftOf' : 'templates.reason.onShift', { shift, team })
  if (code === 'team') return t('templates.reason.team', { team })
  if (code === 'always' || code === 'disabled') return t(`templates.reason.${code}`)
  return t('templates.reason.is', { what: t(`templates.fact.${code}`, { defaultValue: code }), value: wordsOf(code, split(value), t) })
}

/** A condition that does not hold: what is there, and what was wanted. */
export function reasonNot(reason: Reason, t: TFunction): string {
  const { value = '', wanted = '' } = reason.params ?? {}
  if (reason.code === 'disabled') return t('templates.reason.disabled')
  const words = { what: t(`templates.fact.${reason.code}`, { defaultValue: reason.code }), value: wordsOf(reason.code, split(value), t), wanted: wordsOf(reason.code, split(wanted), t) }
  return t(value === '' ? 'templates.reason.lacks' : 'templates.reason.isNot', words)
}

/** Whom a rule means, in a sentence. */
export function ruleIn(rule: MemberRule, t: TFunction): string {
  return t(`templates.by.${rule.by}`) + (rule.team ? ` ${rule.team}` : '') + (rule.role ? ` ${t(`role.${rule.role}`)}` : '')
}

/** Whose an item of the checklist is, or nothing. */
export const assignedIn = (item: ItemRule) => item.assignee ?? item.team ?? null
