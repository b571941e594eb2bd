import { describe, expect, it } from 'vitest'
import { CHEN, LIN } from '../../test/samples'
import { askedAt, choicesOf, insert, nameOfChoice } from './calling'

describe('what is asked for at the caret', () => {
  it.each([
    ['@', 1, { from: 0, q: '' }],
    ['請@黃', 3, { from: 1, q: '黃' }],
    ['請＠黃', 3, { from: 1, q: '黃' }],
    ['@a @b', 2, { from: 0, q: 'a' }],
    ['it@plant', 8, null],
    ['@王 看', 4, null],
    ['請@王，', 4, null],
    ['沒有', 2, null],
    [`@${'a'.repeat(60)}`, 61, null],
  ])('%s', (text, caret, asked) => expect(askedAt(text, caret)).toEqual(asked))
})

it('members first, then groups, then others; a member is not offered twice', () => {
  const wu = { ...CHEN, id: 'u-wu', name: '吳陳' }
  const choices = choicesOf('陳', [wu, LIN, CHEN], ['oncall'], [CHEN, { ...LIN, id: 'u-x', name: '陳外' }])
  expect(choices.map((it) => [nameOfChoice(it), it.kind === 'person' && it.outside])).toEqual([['陳柏宇', false], ['吳陳', false], ['陳外', true]])
  expect(choicesOf('當', [CHEN], ['oncall', 'lead'], []).map(nameOfChoice)).toEqual(['oncall'])
  expect(choicesOf('ｃＨ', [{ ...CHEN, name: 'Chen' }], [], []).map(nameOfChoice)).toEqual(['Chen'])
  expect(choicesOf('', [CHEN], ['oncall', 'lead', 'room'], []).map(nameOfChoice)).toEqual(['陳柏宇', 'oncall', 'lead', 'room'])
})

it('puts the name in place of what was typed, with one space after it', () => {
  expect(insert('請@林看', 3, { from: 1, q: '林' }, '林雅婷')).toEqual({ text: '請@林雅婷 看', caret: 6 })
  expect(insert('@ 看', 1, { from: 0, q: '' }, 'oncall')).toEqual({ text: '@oncall 看', caret: 8 })
})
