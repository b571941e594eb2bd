import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Person } from '../wire'
import { callsIn, countCalls, decode, encode, namesOf } from './mentions'

const WANG = '0199a7c0-0000-7000-8000-0000000000aa'
const WANG_JR = '0199a7c0-0000-7000-8000-0000000000ab'
const person = (id: string, name: string): Person => ({ id, name, kind: 'person' })
const TEAM = [person(WANG, '王小明'), person('u-2', '王小'), person('u-3', 'Chen'), person('u-4', 'lin')]
const called = (text: string) => callsIn(text, namesOf(TEAM)).map((it) => `${text.slice(it.from, it.to)}=${it.person?.id ?? it.group}`)

describe('what is typed', () => {
  it.each([
    ['請@王小明看', [`@王小明=${WANG}`]],
    ['請@王小看', ['@王小=u-2']],
    ['@CHEN 和＠lin', ['@CHEN=u-3', '＠lin=u-4']],
    ['@oncall @當班 @room @組長', ['@oncall=oncall', '@當班=oncall', '@room=room', '@組長=lead']],
    ['寫給 it@lin.tw、a1@Chen', []],
    ['@linda @chen_2', []],
    [`<@${WANG}>`, []],
  ])('%s', (text, found) => expect(called(text)).toEqual(found))
})

// What the hub reads too (tests/messages/test_mentions.py).
interface Case {
  text: string
  members: Record<string, string>
  people: string[]
}
const shared = JSON.parse(readFileSync('../tests/data/mentions.json', 'utf8')) as Case[]

it.each(shared)('as the hub reads it: $text', ({ text, members, people }) => {
  const names = namesOf(Object.entries(members).map(([name, id]) => person(id, name)))
  expect(callsIn(text, names).flatMap((it) => it.person?.id ?? [])).toEqual(people)
})

it('places are those of the text as it stands', () => {
  expect(called('😀＠ＣＨＥＮ，@lin')).toEqual(['＠ＣＨＥＮ=u-3', '@lin=u-4'])
})

describe('what is picked', () => {
  it('a longer name of another member stays a name', () => {
    const team = [person('u-7', '林志明'), person(WANG, '林志')]
    expect(encode('@林志明 和 @林志', [person(WANG, '林志')], team)).toBe(`@林志明 和 <@${WANG}>`)
    expect(encode('@值班 @值', [person(WANG, '值')], team)).toBe(`@值班 <@${WANG}>`)
    expect(encode('＠ＬＩＮ', [person(WANG, 'lin')], TEAM)).toBe(`<@${WANG}>`)
  })

  it('goes out as a token and comes back as a name', () => {
    const content = encode('請@王小明 看，@王小明', [person(WANG, '王小明')])
    expect(content).toBe(`請<@${WANG}> 看，<@${WANG}>`)
    expect(decode(content, TEAM)).toEqual({ text: '請@王小明 看，@王小明', picks: [{ id: WANG, name: '王小明' }, { id: WANG, name: '王小明' }] })
  })

  it('tells two people of one name apart by their order', () => {
    expect(encode('@王小明 @王小明', [person(WANG, '王小明'), person(WANG_JR, '王小明')])).toBe(`<@${WANG}> <@${WANG_JR}>`)
  })

  it('a name that was deleted or changed is no mention, a token of a stranger stays', () => {
    expect(encode('請王小明看', [person(WANG, '王小明')])).toBe('請王小明看')
    expect(decode(`<@${WANG_JR}>`, TEAM)).toEqual({ text: `<@${WANG_JR}>`, picks: [] })
  })
})

it('counts everybody once', () => {
  expect(countCalls(`@王小明 @王小明 @room @所有人 <@${WANG_JR}>`, TEAM)).toBe(3)
})
