import type { ItemCondition, ItemRule, MemberRule, RoomTemplate, Runbook, TemplateMatch, TemplateVersion } from '../../wire'

/** A template with nothing left out, as the form holds it; rows may still be blank. */
export type Draft = Required<RoomTemplate>
export type Condition = keyof TemplateMatch

/** Fields of a room's name and of welcome texts. */
export const FIELDS = ['number', 'site', 'area', 'line', 'machine', 'category', 'severity', 'code', 'condition', 'text'] as const
/** Conditions in the order in which they are told. */
export const CONDITIONS: readonly Condition[] = ['machines', 'lines', 'areas', 'sites', 'codes', 'conditions', 'categories', 'severities', 'shifts']
export const CLOSING: ReadonlyArray<Draft['closing_fields'][number]> = ['cause', 'downtime_reason', 'countermeasures', 'part', 'lost_minutes']
export const SEVERITIES: ReadonlyArray<NonNullable<TemplateMatch['severities']>[number]> = ['critical', 'high', 'medium', 'low', 'diagnostic']
export const CATEGORIES: ReadonlyArray<NonNullable<TemplateMatch['categories']>[number]> = ['machine', 'quality', 'material', 'process', 'maintenance', 'safety', 'utility', 'it', 'comm', 'planned']
export const LANGUAGES = ['zh-TW', 'en'] as const

const BLANK: Draft = { name: '', enabled: true, priority: 0, match: {}, name_pattern: '{number} {machine} {text}', welcome: {}, members: [], checklist: [], runbooks: [], escalation_policy: null, retention_days: null, webhook: null, closing_fields: [] }

export const draftOf = (template?: RoomTemplate): Draft => ({ ...BLANK, ...template })

const said = (texts: Record<string, string>) => Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim() !== ''))

function given<T extends object>(condition: T): T {
  return Object.fromEntries(Object.entries(condition).filter(([, words]) => words.length > 0)) as T
}

function ruleOf({ by, team, role, only_leads, room_role = 'responder' }: MemberRule): MemberRule {
  if (by === 'role') return { by, role: role ?? 'responder', room_role }
  return { by, ...(team ? { team } : {}), ...(only_leads ? { only_leads } : {}), room_role }
}

function itemOf({ text, assignee, team, due_minutes, when }: ItemRule): ItemRule {
  const wanted: ItemCondition = given(when ?? {})
  return {
    text: said(text),
    ...(assignee?.trim() ? { assignee: assignee.trim() } : team ? { team } : {}),
    ...(due_minutes != null ? { due_minutes } : {}),
    ...(Object.keys(wanted).length > 0 ? { when: wanted } : {}),
  }
}

/** What is sent: blank rows, blank languages and conditions without a word are left out. */
export function written(draft: Draft): RoomTemplate {
  const books: Runbook[] = draft.runbooks.map((it) => ({ title: said(it.title), url: it.url.trim() }))
  return {
    ...draft,
    name: draft.name.trim(),
    match: given(draft.match),
    welcome: said(draft.welcome),
    members: draft.members.filter((it) => it.by !== 'team' || it.team).map(ruleOf),
    checklist: draft.checklist.map(itemOf).filter((it) => Object.keys(it.text).length > 0),
    runbooks: books.filter((it) => it.url !== '' && Object.keys(it.title).length > 0),
  }
}

/** The same order of names at every depth. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (value === null || typeof value !== 'object') return value
  const pairs = Object.entries(value).map(([name, it]) => [name, ordered(it)] as const)
  return Object.fromEntries(pairs.sort(([one], [other]) => (one < other ? -1 : 1)))
}

const same = (one: unknown, other: unknown) => JSON.stringify(ordered(one)) === JSON.stringify(ordered(other))

/** Names of fields in which two templates differ. */
export function differing(one: RoomTemplate, other: RoomTemplate): Array<keyof Draft> {
  const [a, b] = [draftOf(written(draftOf(one))), draftOf(written(draftOf(other)))]
  return (Object.keys(BLANK) as Array<keyof Draft>).filter((name) => !same(a[name], b[name]))
}

/** What each version changed against the one before it. The newest version is the first. */
export const changesOf = (versions: readonly TemplateVersion[]) =>
  versions.map((it, place) => {
    const before = versions[place + 1]
    return { ...it, fields: before ? differing(before.template, it.template) : [] }
  })

const blank = (texts: Record<string, string>) => Object.keys(said(texts)).length === 0

/** Key of what is half filled in, or null: a row that says something must say enough. */
export function lacks(draft: Draft): 'needName' | 'needTeam' | 'needText' | 'needBook' | null {
  if (draft.name.trim() === '') return 'needName'
  if (draft.members.some((it) => it.by === 'team' && !it.team)) return 'needTeam'
  if (draft.checklist.some((it) => blank(it.text) && Object.keys(itemOf(it)).length > 1)) return 'needText'
  return draft.runbooks.some((it) => blank(it.title) !== (it.url.trim() === '')) ? 'needBook' : null
}
