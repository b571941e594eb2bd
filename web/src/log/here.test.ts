import { expect, it } from 'vitest'
import { CHEN, LIN, ROOM } from '../test/samples'
import type { Here, Person, Signal } from '../wire'
import { createHere, NOBODY, withPresence, withTyping } from './here'

const WU: Person = { id: 'u-wu', name: '吳佩珊', kind: 'person' }
const here = (...people: Person[]): Here => ({ room_id: ROOM, count: people.length, people })
const presence = (count: number, came: string[], left: string[] = []): Signal => ({ op: 'signal', kind: 'presence', room: ROOM, count, came, left })
const typing = (count: number, ...people: Person[]): Signal => ({ op: 'signal', kind: 'typing', room: ROOM, count, people })
const settle = () => new Promise((done) => setTimeout(done))

function open(online = [here(CHEN)], writing = here()) {
  const waits: Array<() => void> = []
  let asked = 0
  const store = createHere({
    online: async () => online[Math.min(asked++, online.length - 1)] as Here,
    typing: async () => writing,
    me: () => CHEN.id,
    later: (run) => void waits.push(run),
  })
  const close = store.open(ROOM)
  const state = () => store.state(ROOM).get()
  return { store, state, close, waits, asked: () => asked, online: () => [...state().online].sort() }
}

it('asks who is here when a room is opened, then follows who comes and goes', async () => {
  const { store, state, online } = open()
  expect(state().count).toBeNull()
  await settle()
  expect([state().count, online()]).toEqual([1, [CHEN.id]])
  store.signal(presence(2, [LIN.id]))
  store.signal(presence(1, [], [CHEN.id]))
  expect([state().count, online()]).toEqual([1, [LIN.id]])
})

it('names that do not fit the number are asked for again, a moment later and once', async () => {
  const { store, waits, asked, online } = open([here(CHEN), here(CHEN, LIN, WU)])
  await settle()
  store.signal(presence(3, [LIN.id]))
  waits.at(-1)?.()
  await settle()
  expect([asked(), online()]).toEqual([2, [CHEN.id, LIN.id, WU.id]])
})

it('who writes is shown without me; after a while without a word the hub is asked whether they still do', async () => {
  const { store, state, waits } = open()
  await settle()
  store.signal(typing(3, CHEN, LIN))
  expect([state().typing, state().writing]).toEqual([[LIN], 2])
  const first = waits.at(-1)
  store.signal(typing(1, LIN))
  first?.()
  expect(state().typing).toEqual([LIN])
  waits.at(-1)?.()
  await settle()
  expect([state().typing, state().writing]).toEqual([[], 0])
  expect(withTyping(NOBODY, [CHEN], 1, CHEN.id)).toMatchObject({ typing: [], writing: 0 })
})

it('who goes on writing stays', async () => {
  const { store, state, waits } = open([here(CHEN)], here(LIN))
  await settle()
  store.signal(typing(1, LIN))
  const asked = waits.length
  waits.at(-1)?.()
  await settle()
  expect([state().typing, waits.length]).toEqual([[LIN], asked + 1])
})

it('offline nobody is known to be here; connected again it asks', async () => {
  const { store, state, asked } = open()
  await settle()
  store.lost()
  expect(state()).toBe(NOBODY)
  store.ready()
  await settle()
  expect([asked(), state().count]).toEqual([2, 1])
})

it('a room nobody looks at is not followed', async () => {
  const { store, state, close, asked } = open()
  await settle()
  close()
  store.signal(presence(5, [LIN.id]))
  store.ready()
  expect([state(), asked()]).toEqual([NOBODY, 1])
})

it('presence is pure', () => {
  const before = { ...NOBODY, online: new Set(['a', 'b']) }
  expect([...withPresence(before, presence(2, ['c'], ['a'])).online]).toEqual(['b', 'c'])
  expect([...before.online]).toEqual(['a', 'b'])
})
