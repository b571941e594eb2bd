import { describe, expect, it } from 'vitest'
import { clockOf, dayKey, dayOf, exactTimeOf, figureOf, initialsOf, roomName, spanOf, textIn, timeOf } from './format'
import { en } from './locales/en'
import { zh } from './locales/zh-TW'

const min = 60_000

describe('durations', () => {
  it.each([[0, '0:00'], [250_000, '4:10'], [767_000, '12:47'], [3_753_000, '1:02:33'], [-5, '0:00'], [90_061_000, '25:01:01']])('%i ms runs as %s', (ms, text) =>
    expect(clockOf(ms)).toBe(text),
  )

  it.each([
    [42_000, false, 'span.seconds'], [42 * min, false, 'span.minutes'], [88_000, true, 'span.minutesSeconds'],
    [118 * min, false, 'span.hoursMinutes'], [120 * min, false, 'span.hours'], [50 * 60 * min, false, 'span.days'],
  ])('%i ms in words (fine: %s) is %s', (ms, fine, key) => expect(spanOf(ms, fine).key).toBe(key))

  it('counts what it says', () => expect(spanOf(118 * min).values).toMatchObject({ h: 1, m: 58 }))
})

describe('clock times', () => {
  const local = new Date(2026, 10, 22, 3, 7, 12, 481).toISOString()
  it('minutes for people, seconds for machines, thousandths for the card', () => {
    expect([timeOf(local), timeOf(local, true), exactTimeOf(local)]).toEqual(['03:07', '03:07:12', '03:07:12.481'])
  })
  it('days are those of this device', () => {
    expect(dayKey(local)).toBe('2026-11-22')
    expect(dayOf(local, 'zh-TW')).toBe('11 月 22 日 星期日')
    expect(dayOf(local, 'en')).toBe('Sunday 22 November')
  })
})

describe('figures, texts, names', () => {
  it.each([[268.4, '268.4'], [0.30000000000000004, '0.3'], [255, '255'], [0, '0'], [1e12, '1.000e+12'], [true, '1'], ['OPEN', 'OPEN'], [null, '']])('%s is shown as %s', (value, text) =>
    expect(figureOf(value)).toBe(text),
  )
  it('takes the reader’s language, else what there is', () => {
    const text = { 'zh-TW': '超溫', en: 'Too hot' }
    expect([textIn(text, 'en'), textIn(text, 'zh-TW'), textIn({ en: 'Too hot' }, 'zh-TW'), textIn({ de: 'Zu heiß' }, 'en'), textIn({}, 'en', '?')]).toEqual(['Too hot', '超溫', 'Too hot', 'Zu heiß', '?'])
  })
  it('family name or initials', () => expect(['陳柏宇', 'Chen Po-yu', 'gw-3', ' '].map(initialsOf)).toEqual(['陳', 'CY', 'G3', '?']))
})

describe('words', () => {
  const keysOf = (words: object, path = ''): string[] =>
    Object.entries(words).flatMap(([key, value]) => (typeof value === 'string' ? [`${path}${key}`] : keysOf(value as object, `${path}${key}.`)))
  const holes = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map((it) => it[1]).sort()
  const at = (words: object, key: string) => key.split('.').reduce<unknown>((it, part) => (it as Record<string, unknown>)[part], words) as string

  it('both languages say the same things with the same figures', () => {
    expect(keysOf(en)).toEqual(keysOf(zh))
    const differ = keysOf(zh).filter((key) => !key.endsWith('_one') && key !== 'alarm.count' && key !== 'card.times' && holes(at(zh, key)).join() !== holes(at(en, key)).join())
    expect(differ).toEqual([])
  })
  it('addresses nobody with exclamation marks', () => {
    const loud = [...keysOf(zh).map((key) => at(zh, key)), ...keysOf(en).map((key) => at(en, key))].filter((it) => /[!！]/.test(it))
    expect(loud).toEqual([])
  })
})

it('a room is called by its fault in the reader’s language, unless somebody named it', () => {
  const room = { machine: 'RO-03', title: 'INC-000142 RO-03 超溫', fault: { 'zh-TW': '超溫', en: 'Over-temperature' } }
  expect(roomName(room, 'en')).toEqual({ machine: 'RO-03', fault: 'Over-temperature' })
  expect(roomName({ ...room, title: '加熱器壞了' }, 'en')).toEqual({ machine: 'RO-03', fault: '加熱器壞了' })
  expect(roomName({ ...room, title: 'RO-03 加熱器' }, 'en')).toEqual({ machine: '', fault: 'RO-03 加熱器' })
})
