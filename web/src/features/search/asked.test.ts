import { describe, expect, it } from 'vitest'
import { message, room } from '../../test/samples'
import { forget, grouped, narrowings, queryOf, readAsked, recentOf, remember } from './asked'

describe('the address', () => {
  it('takes what it knows, also a number, and leaves what is odd', () => {
    expect(readAsked({ q: 1042, room: 'r', kind: 'text', after: '2026-11-24' })).toEqual({ q: '1042', room: 'r', kind: 'text', after: '2026-11-24' })
    expect(readAsked({ q: { a: 1 }, kind: 'bogus', after: 'yesterday', x: 'y', code: '' })).toEqual({})
  })

  it('becomes the question to the hub: days are days of here, and the last one counts whole', () => {
    const query = queryOf({ q: '溫', room: 'r', from: 'u', code: 'ALM-1042', after: '2026-11-24', before: '2026-11-24' }, 'c')
    expect(query).toMatchObject({ q: '溫', room_id: 'r', from: 'u', code: 'ALM-1042', cursor: 'c' })
    expect(Date.parse(query.before ?? '') - Date.parse(query.after ?? '')).toBe(24 * 3600 * 1000)
    expect(new Date(query.after ?? '').getHours()).toBe(0)
    expect(queryOf({ q: 'x' }, null)).toEqual({ q: 'x' })
  })

  it('counts what narrows it', () => {
    expect(narrowings({ q: 'x', room: 'r' })).toBe(0)
    expect(narrowings({ q: 'x', machine: 'RO-03', kind: 'text' })).toBe(2)
  })
})

it('hits stand by room, in the order of the newest', () => {
  const [a, b] = [room({ id: 'a' }), room({ id: 'b' })]
  const hits = [a, b, a].map((it, n) => ({ message: message(9 - n), room: it, snippet: [] }))
  expect(grouped(hits).map((it) => [it.room.id, it.hits.map((hit) => hit.message.seq)])).toEqual([
    ['a', [9, 7]],
    ['b', [8]],
  ])
})

it('what one looked for is kept per person, the last first, each once, and can be forgotten', () => {
  for (const q of ['a', 'b', 'a', ...'cdefghij']) remember('u', q)
  remember('other', 'z')
  expect(recentOf('u')).toEqual(['j', 'i', 'h', 'g', 'f', 'e', 'd', 'c'])
  forget('u')
  expect([recentOf('u'), recentOf('other')]).toEqual([[], ['z']])
  localStorage.setItem('andon.searched.u', 'broken')
  expect(recentOf('u')).toEqual([])
})
