import type { Message, Mentions, Person } from '../wire'

/**
 * Whom a text calls, as the hub reads it: the token `<@user id>` that a picker writes, or `@` and a name as it is typed.
 * `@` may be glued to Chinese text; after a Latin letter or a digit it belongs to an address.
 */
export type Group = 'room' | 'oncall' | 'lead'

export const MOST_MENTIONS = 20
const AT = /[@＠]/g
const LATIN = /[A-Za-z0-9_\u00c0-\u024f\uff21-\uff3a\uff41-\uff5a]/
const TOKEN = /<@([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})>/gi
const WORDS: Record<string, Group> = { room: 'room', all: 'room', 所有人: 'room', 全員: 'room', oncall: 'oncall', 當班: 'oncall', 值班: 'oncall', lead: 'lead', 組長: 'lead' }

export const isLatin = (sign: string | undefined) => sign !== undefined && LATIN.test(sign)

/** What is called by a name. */
interface Callee {
  person?: Person
  group?: Group
}

/** A mention found in a text: whom it calls, from where to where, `@` included. */
export interface Call extends Callee {
  from: number
  to: number
}

type Names = ReadonlyMap<string, Callee>

const folded = (name: string) => name.toLowerCase()

/** What may stand after an `@`. */
export function namesOf(people: readonly Person[], groups: readonly Group[] = ['room', 'oncall', 'lead']): Names {
  const names = new Map<string, Callee>()
  for (const [word, group] of Object.entries(WORDS)) if (groups.includes(group)) names.set(word, { group })
  for (const person of people) names.set(folded(person.name), { person })
  return names
}

/** Typed mentions of a text, in order; of several names that fit the longest counts. */
export function callsIn(text: string, names: Names): Call[] {
  const lengths = [...new Set([...names.keys()].map((it) => it.length))].sort((a, b) => b - a)
  const calls: Call[] = []
  for (const { index: from } of text.matchAll(AT)) {
    if (isLatin(text[from - 1]) || text[from - 1] === '<') continue
    for (const length of lengths) {
      const word = text.slice(from + 1, from + 1 + length)
      const found = names.get(folded(word))
      if (!found || (isLatin(word.at(-1)) && isLatin(text[from + 1 + length]))) continue
      calls.push({ from, to: from + 1 + word.length, ...found })
      break
    }
  }
  return calls
}

/** What a message says of whom it calls. */
export const mentionsOf = (message: Pick<Message, 'metadata'>): Mentions => (message.metadata.mentions as Mentions | undefined) ?? {}

/** Somebody picked from the list; in the field they stand as `@` and the name. */
export type Picked = Pick<Person, 'id' | 'name'>

/** The text as it is sent: picked names become tokens. Two of one name are told apart by the order they were picked in. */
export function encode(text: string, picks: readonly Picked[]): string {
  if (picks.length === 0) return text
  const people = picks.map((it): Person => ({ ...it, kind: 'person' }))
  const queues = new Map<string, Picked[]>()
  for (const pick of picks) queues.set(pick.name, [...(queues.get(pick.name) ?? []), pick])
  let [sent, at] = ['', 0]
  for (const { from, to, person } of callsIn(text, namesOf(people, []))) {
    const queue = person ? queues.get(person.name) : undefined
    const pick = queue && queue.length > 1 ? queue.shift() : queue?.[0]
    if (!pick) continue
    sent += `${text.slice(at, from)}<@${pick.id}>`
    at = to
  }
  return sent + text.slice(at)
}

/** The other way: tokens of known people become names again; those of strangers stay. */
export function decode(content: string, people: readonly Picked[]): { text: string; picks: Picked[] } {
  const known = new Map(people.map((it) => [it.id, it]))
  const picks: Picked[] = []
  const text = content.replace(TOKEN, (token, id: string) => {
    const found = known.get(id.toLowerCase())
    if (!found) return token
    picks.push({ id: found.id, name: found.name })
    return `@${found.name}`
  })
  return { text, picks }
}

/** How many are called: people and groups, each once. */
export function countCalls(text: string, people: readonly Person[]): number {
  const calls = callsIn(text, namesOf(people)).map((it) => it.person?.id ?? it.group)
  const tokens = [...text.matchAll(TOKEN)].map((it) => it[1])
  return new Set([...calls, ...tokens]).size
}
