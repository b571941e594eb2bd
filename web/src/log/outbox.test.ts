import { beforeEach, describe, expect, it } from 'vitest'
import { offline, Problem } from '../lib/problem'
import { createOutbox, OLD_MS, type Pending } from './outbox'
import { indexedShelf } from './shelf'

type Answer = { resolve: (done: { seq: number }) => void; reject: (why: unknown) => void }

/** A hub that answers when the test says so, a clock the test turns, a shelf in (fake) IndexedDB. */
function desk(shelf = indexedShelf(`test-${Math.random()}`)) {
  const sent: Pending[] = []
  const answers: Answer[] = []
  const waiting: Array<() => void> = []
  const clock = { now: 1_700_000_000_000 }
  const post = (entry: Pending) => {
    sent.push(entry)
    return new Promise<{ seq: number }>((resolve, reject) => answers.push({ resolve, reject }))
  }
  const outbox = createOutbox({ shelf, post, now: () => clock.now, later: (run) => void waiting.push(run) })
  const settle = () => new Promise((done) => setTimeout(done, 5))
  const answer = async (n: number, how: number | unknown) => {
    if (typeof how === 'number') answers[n]?.resolve({ seq: how })
    else answers[n]?.reject(how)
    await settle()
  }
  const states = () => outbox.state.get().entries.map((it) => `${it.content} ${it.state}`)
  return { outbox, sent, answer, clock, shelf, states, settle, later: () => waiting.splice(0).forEach((run) => run()) }
}

let it1: ReturnType<typeof desk>
beforeEach(async () => {
  it1 = desk()
  await it1.outbox.open('u-chen')
})

describe('order', () => {
  it('sends one at a time per room, in the order written; rooms do not wait for each other', async () => {
    const { outbox, sent, answer } = it1
    outbox.setOnline(true)
    for (const [room, text] of [['A', '1'], ['A', '2'], ['B', '3']] as const) outbox.add(room, text)
    expect(sent.map((it) => it.content)).toEqual(['1', '3'])
    await answer(0, 10)
    expect(sent.map((it) => it.content)).toEqual(['1', '3', '2'])
  })

  it('holds everything while offline and sends it in order afterwards', async () => {
    const { outbox, sent, answer, states } = it1
    outbox.add('A', '1')
    outbox.add('A', '2')
    expect(states()).toEqual(['1 queued', '2 queued'])
    outbox.setOnline(true)
    await answer(0, 10)
    await answer(1, 11)
    expect(sent.map((it) => it.content)).toEqual(['1', '2'])
    expect(states()).toEqual(['1 sent', '2 sent'])
  })
})

describe('answers', () => {
  it('sends the same message again with the same id when the connection broke before the answer', async () => {
    const { outbox, sent, answer, later } = it1
    outbox.setOnline(true)
    outbox.add('A', '1')
    await answer(0, offline())
    later()
    expect(sent[1]?.id).toBe(sent[0]?.id)
  })

  it('a refusal stands with its reason, lets the next one pass, and can be sent again', async () => {
    const { outbox, sent, answer, states } = it1
    outbox.setOnline(true)
    const first = outbox.add('A', '1')
    outbox.add('A', '2')
    await answer(0, new Problem('key_reused', 409, ''))
    expect(states()).toEqual(['1 failed', '2 sending'])
    expect(outbox.state.get().entries[0]?.reason).toBe('key_reused')
    await answer(1, 11)
    outbox.retry(first?.id ?? '')
    expect(sent[2]?.content).toBe('1')
  })

  it('waits as long as the hub asks when it is too much at once', async () => {
    const { outbox, answer, states } = it1
    outbox.setOnline(true)
    outbox.add('A', '1')
    await answer(0, new Problem('rate_limited', 429, '', '', 1500))
    expect(states()).toEqual(['1 queued'])
  })

  it('a message the hub shows has arrived, whatever happened to its answer', async () => {
    const { outbox, answer, states } = it1
    outbox.setOnline(true)
    const entry = outbox.add('A', '1')
    outbox.arrived(entry?.id ?? '')
    await answer(0, offline())
    expect(states()).toEqual([])
  })
})

describe('over a reload', () => {
  it('finds what was waiting, also what was just being sent, in its order', async () => {
    it1.outbox.setOnline(true)
    it1.outbox.add('A', '1')
    it1.outbox.add('A', '2')
    await it1.settle()
    const again = desk(it1.shelf)
    await again.outbox.open('u-chen')
    expect(again.states()).toEqual(['1 queued', '2 queued'])
    again.outbox.setOnline(true)
    await again.answer(0, 10)
    expect(again.sent.map((it) => it.content)).toEqual(['1', '2'])
  })

  it('forgets what is durable, and never sends in another person’s name', async () => {
    it1.outbox.setOnline(true)
    it1.outbox.add('A', '1')
    await it1.answer(0, 10)
    it1.outbox.add('A', '2')
    await it1.settle()
    const other = desk(it1.shelf)
    await other.outbox.open('u-lin')
    expect(other.states()).toEqual([])
    const same = desk(it1.shelf)
    await same.outbox.open('u-chen')
    expect(same.states()).toEqual(['2 queued'])
  })
})

describe('old messages', () => {
  async function oldOnes() {
    it1.outbox.add('A', '1')
    it1.outbox.add('A', '2')
    it1.clock.now += OLD_MS + 1000
    it1.outbox.setOnline(true)
    await it1.settle()
  }

  it('asks once for the whole queue and sends nothing before the answer', async () => {
    await oldOnes()
    expect(it1.sent).toEqual([])
    expect(it1.outbox.state.get().asking).toMatchObject({ count: 2 })
    it1.outbox.answer(true)
    await it1.answer(0, 10)
    expect(it1.sent.map((it) => it.content)).toEqual(['1', '2'])
    expect(it1.outbox.state.get().asking).toBeNull()
  })

  it('keeps them as not sent when the person says no', async () => {
    await oldOnes()
    it1.outbox.answer(false)
    expect(it1.states()).toEqual(['1 failed', '2 failed'])
    expect(it1.sent).toEqual([])
  })
})

/** What becomes of a message the hub does not take. */
describe('the conflict table', () => {
  it.each(['room_closed', 'not_found', 'forbidden', 'content_too_long', 'mention_all', 'too_many_mentions', 'spam', 'key_reused'])('%s: stays as not sent, with the reason', async (code) => {
    const { outbox, answer, states, later, sent } = it1
    outbox.setOnline(true)
    outbox.add('A', '1')
    await answer(0, new Problem(code, 0, ''))
    expect([states(), outbox.state.get().entries[0]?.reason]).toEqual([['1 failed'], code])
    later()
    expect(sent).toHaveLength(1)
  })

  it.each(['offline', 'unavailable', 'db_unavailable', 'rate_limited'])('%s: waits and goes out by itself', async (code) => {
    const { outbox, answer, states, later, sent } = it1
    outbox.setOnline(true)
    outbox.add('A', '1')
    await answer(0, new Problem(code, 0, ''))
    expect(states()).toEqual(['1 queued'])
    later()
    expect(sent).toHaveLength(2)
  })
})
