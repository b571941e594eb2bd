import type { Message, Mentions, Person } from '../wire'

/**
 * Whom a text calls, as the hub reads it: the token `<@user id>` that a picker writes, or `@` and a name as it is typed.
 * `@` may be glued to Chinese text; after a Latin letter or a digit it belongs to an address.
 */
export type Group = 'room' | 'oncall' | 'lead'

export const MOST_MENTIONS = 20
const AT = '@＠'
const LATIN = /[A-Za-z0-9_]|(?=\p{L})\p{Script=Latin}/u
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

/** A name as it is compared, in the hub too: full width as half width, upper case as lower. */
export const folded = (name: string) => name.normalize('NFKC').toLowerCase().trim()

/** The signs of a text, each folded by itself, so that places stay what they are. */
function foldedSigns(signs: readonly string[]): string[] {
  return signs.map((sign) => {
    const it = folded(sign)
    return [...it].length === 1 ? it : sign
  })
}

/** What may stand after an `@`. */
export function namesOf(people: readonly Person[], groups: readonly Group[] = ['room', 'oncall', 'lead']): Names {
  const names = new Map<string, Callee>()
  for (const [word, group] of Object.entries(WORDS)) if (groups.includes(group)) names.set(word, { group })
  for (const person of people) names.set(folded(person.name), { person })
  return names
}

/** Typed mentions of a text, in order; of several names that fit the longest counts. */
export function callsIn(text: string, names: Names): Call[] {
  const signs = [...text]
  const plain = foldedSigns(signs)
  const lengths = [...new Set([...names.keys()].map((it) => [...it].length))].sort((a, b) => b - a)
  const calls: Call[] = []
  let at = 0
  for (const [place, sign] of signs.entries()) {
    const from = at
    at += sign.length
    if (!AT.includes(sign) || isLatin(signs[place - 1]) || plain[place - 1] === '<') continue
    const length = longest(plain, place + 1, names, lengths)
    const found = length && names.get(plain.slice(place + 1, place + 1 + length).join(''))
    if (found) calls.push({ from, to: from + signs.slice(place, place + 1 + length).join('').length, ...found })
  }
  return calls
}

/** How many signs the longest name has that stands here; 0 when none does. */
function longest(plain: readonly string[], start: number, names: Names, lengths: readonly number[]): number {
  const fits = (length: number) => {
    const word = plain.slice(start, start + length)
    return names.has(word.join('')) && !(isLatin(word.at(-1)) && isLatin(plain[start + length]))
  }
  return lengths.find(fits) ?? 0
}

/** What a message says of whom it calls. */
export const mentionsOf = (message: Pick<Message, 'metadata'>): Mentions => (message.metadata.mentions as Mentions | undefined) ?? {}

/** Somebody picked from the list; in the field they stand as `@` and the name. */
export type Picked = Pick<Person, 'id' | 'name'>

/**
 * The text as it is sent: picked names become tokens. Two of one name are told apart by the order they were picked in. A
 * member's longer name is not the shorter picked one.
 */
export function encode(text: string, picks: readonly Picked[], members: readonly Person[] = []): string {
  if (picks.length === 0) return text
  const people = picks.map((it): Person => ({ ...it, kind: 'person' }))
  const queues = new Map<string, Picked[]>()
  for (const pick of picks) queues.set(folded(pick.name), [...(queues.get(folded(pick.name)) ?? []), pick])
  let [sent, at] = ['', 0]
  for (const { from, to, person } of callsIn(text, namesOf([...members, ...people]))) {
    const queue = person ? queues.get(folded(person.name)) : undefined
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
