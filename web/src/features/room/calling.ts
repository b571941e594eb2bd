import { folded, type Group, isLatin } from '../../lib/mentions'
import type { Person } from '../../wire'

/** The `@…` the caret stands in: from where, and what was typed after it. */
export interface Asked {
  from: number
  q: string
}

const LONGEST = 40

/** What is being asked for at the caret; null when nothing is. An `@` after a Latin letter belongs to an address. */
export function askedAt(text: string, caret: number): Asked | null {
  const before = text.slice(Math.max(0, caret - LONGEST - 1), caret)
  const at = Math.max(before.lastIndexOf('@'), before.lastIndexOf('＠'))
  if (at < 0) return null
  const q = before.slice(at + 1)
  if (/\s|[，。、：；！？,;:!?()]/.test(q)) return null
  const from = caret - q.length - 1
  return isLatin(text[from - 1]) || text[from - 1] === '<' ? null : { from, q }
}

export type Choice = { kind: 'person'; person: Person; outside: boolean } | { kind: 'group'; group: Group }

const MOST = 8
const GROUP_WORDS: Record<Group, string[]> = {
  room: ['room', 'all', '所有人', '全員'],
  oncall: ['oncall', '當班', '值班'],
  lead: ['lead', '組長', '班長'],
}

const fits = (word: string, q: string) => folded(word).includes(q)
const starts = (word: string, q: string) => Number(folded(word).startsWith(q))

/** Who fits what was typed: members first, groups, then others whom choosing would add. Pure. */
export function choicesOf(q: string, members: readonly Person[], groups: readonly Group[], others: readonly Person[]): Choice[] {
  const word = folded(q)
  const inside = members.filter((it) => fits(it.name, word)).sort((a, b) => starts(b.name, word) - starts(a.name, word))
  const ids = new Set(members.map((it) => it.id))
  const outside = others.filter((it) => !ids.has(it.id))
  return [
    ...inside.map((person): Choice => ({ kind: 'person', person, outside: false })).slice(0, MOST),
    ...groups.filter((it) => GROUP_WORDS[it].some((name) => fits(name, word))).map((group): Choice => ({ kind: 'group', group })),
    ...outside.map((person): Choice => ({ kind: 'person', person, outside: true })).slice(0, MOST),
  ]
}

export const nameOfChoice = (choice: Choice) => (choice.kind === 'group' ? choice.group : choice.person.name)

/** The text with what was asked for in place, and where the caret goes. */
export function insert(text: string, caret: number, { from }: Asked, name: string): { text: string; caret: number } {
  const rest = text.slice(caret)
  const put = `@${name}${/^\s/.test(rest) ? '' : ' '}`
  return { text: text.slice(0, from) + put + rest, caret: from + put.length + (/^\s/.test(rest) ? 1 : 0) }
}
