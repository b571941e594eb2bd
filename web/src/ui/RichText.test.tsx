import { render } from '@testing-library/react'
import { expect, it } from 'vitest'
import { CHEN, LIN } from '../test/samples'
import { RichText } from './RichText'

const HER = { ...LIN, id: '0199a7c0-0000-7000-8000-0000000000aa' }
const draw = (text: string, groups: Array<'room' | 'oncall' | 'lead'> = []) => render(<RichText text={text} calls={{ people: [CHEN, HER], groups, me: CHEN.id, mine: ['room'] }} />).container

it('mentions are chips, by token and by name; mine stands out', () => {
  const page = draw(`請<@${HER.id}>和@陳柏宇看，@陌生人不算`)
  expect(page.textContent).toBe('請@林雅婷和@陳柏宇看，@陌生人不算')
  const chips = [...page.querySelectorAll('[class*=mention]')].map((it) => [it.textContent, it.hasAttribute('data-me')])
  expect(chips).toEqual([['@林雅婷', false], ['@陳柏宇', true]])
})

it('a group is a chip only where the message calls it', () => {
  expect(draw('@room').querySelector('[class*=mention]')).toBeNull()
  expect(draw('@room', ['room']).querySelector('[data-me]')).toHaveTextContent('@room')
})

it('links lead out safely; everything else of a text is text', () => {
  const page = draw('https://docs.plant/a <img src=x onerror=alert(1)> [x](javascript:alert(1))')
  expect(page.querySelectorAll('a')).toHaveLength(1)
  expect(page.querySelector('a')).toHaveAttribute('rel', 'noopener noreferrer nofollow')
  expect(page.querySelector('img')).toBeNull()
  expect(page.textContent).toBe('https://docs.plant/a <img src=x onerror=alert(1)> [x](javascript:alert(1))')
})

it('draws lists with their numbers, quotes and code', () => {
  const page = draw('3. 電源\n4. 開關\n> 昨天\n```\n<b>\n```')
  expect([...page.querySelectorAll('ol li')].map((it) => it.getAttribute('value'))).toEqual(['3', '4'])
  expect(page.querySelector('blockquote')).toHaveTextContent('昨天')
  expect(page.querySelector('pre')).toHaveTextContent('<b>')
})
