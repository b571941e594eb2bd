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

describe('what is picked', () => {
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
