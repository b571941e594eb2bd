import { expect, it } from 'vitest'
import { Problem } from '../lib/problem'
import { CHEN, event, LIN, message } from '../test/samples'
import type { Reaction } from '../wire'
import { createReacting, withWishes } from './reacting'

const theirs: Reaction = { emoji: '✅', count: 1, users: [LIN] }
const both: Reaction = { emoji: '✅', count: 2, users: [LIN, CHEN], mine: true }
const wish = (emoji: string, on: boolean) => ({ message: 'm-1', emoji, on, n: 1 })
const shown = (reactions: Reaction[], ...wishes: ReturnType<typeof wish>[]) => withWishes([message(1, { reactions })], wishes, CHEN)[0]?.reactions

it('a wish shows at once: a new sign, one more, one less, none left', () => {
  expect(shown([], wish('👍', true))).toEqual([{ emoji: '👍', count: 1, users: [CHEN], mine: true }])
  expect(shown([theirs], wish('✅', true))).toEqual([both])
  expect(shown([both], wish('✅', false))).toEqual([{ ...theirs, mine: false }])
  expect(shown([{ emoji: '👍', count: 1, users: [CHEN], mine: true }], wish('👍', false))).toEqual([])
})

it('a wish the log has fulfilled changes nothing, and other messages stay the same objects', () => {
  expect(shown([both], wish('✅', true))).toEqual([both])
  const [a, b] = [message(1), message(2)]
  expect(withWishes([a, b], [wish('👍', true)], CHEN)[1]).toBe(b)
  expect(withWishes([message(1, { deleted_at: 'x' })], [wish('👍', true)], CHEN)[0]?.reactions).toBeUndefined()
})

it('stands until the log had time to say so, and is taken back when the hub refuses', async () => {
  const waits: Array<() => void> = []
  const answers: Array<() => Promise<void>> = [async () => undefined, async () => Promise.reject(new Problem('deleted', 410, ''))]
  const reacting = createReacting({ change: async () => answers.shift()?.(), later: (run) => void waits.push(run) })
  await reacting.react('m-1', '✅', true)
  expect(reacting.state.get()).toMatchObject([{ emoji: '✅', on: true }])
  waits[0]?.()
  expect(reacting.state.get()).toEqual([])
  const refused = reacting.react('m-1', '👍', true)
  expect(reacting.state.get()).toHaveLength(1)
  await expect(refused).rejects.toMatchObject({ code: 'deleted' })
  expect(reacting.state.get()).toEqual([])
})

it('the newest wish for a sign counts', async () => {
  const reacting = createReacting({ change: async () => undefined, later: () => undefined })
  await Promise.all([reacting.react('m-1', '✅', true), reacting.react('m-1', '✅', false)])
  expect(reacting.state.get().map((it) => it.on)).toEqual([false])
})

it('one of many whom the hub does not name takes it back with one tap', () => {
  const many: Reaction = { emoji: '✅', count: 21, users: Array.from({ length: 20 }, (_, n) => ({ ...LIN, id: `u-${n}` })), mine: true }
  expect(shown([many], wish('✅', false))).toEqual([{ ...many, count: 20, mine: false }])
})

it('goes when the log says so, unless I want something else since', () => {
  const reacting = createReacting({ change: async () => undefined, later: () => undefined })
  const told = (type: string) => reacting.heard(event(9, type, { message_id: 'm-1', emoji: '✅' }))
  void reacting.react('m-1', '✅', true)
  void reacting.react('m-1', '✅', false)
  told('ReactionAdded')
  expect(reacting.state.get()).toMatchObject([{ on: false }])
  told('ReactionRemoved')
  expect(reacting.state.get()).toEqual([])
})
