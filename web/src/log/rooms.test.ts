import { expect, it } from 'vitest'
import { offline, Problem } from '../lib/problem'
import { event, message, ROOM, snapshot } from '../test/samples'
import type { EventFrame, MessagePage, Snapshot } from '../wire'
import { createRoomLogs } from './rooms'

const posted = (seq: number): EventFrame => ({ op: 'event', ...event(seq, 'MessagePosted', { message: message(seq, { client_msg_id: `c-${seq}` }) }) })
const settle = () => new Promise((done) => setTimeout(done))

function logsOf(snapshots: Array<Snapshot | Error>, page: MessagePage = { messages: [], before: null, after: null }, listed = false) {
  const told: string[] = []
  const retries: Array<() => void> = []
  const logs = createRoomLogs({
    snapshot: async () => {
      const next = snapshots.shift()
      if (!next || next instanceof Error) throw next ?? offline()
      return next
    },
    older: async () => page,
    follow: (_, seq) => told.push(`follow ${seq}`),
    unfollow: () => told.push('unfollow'),
    arrived: (id) => told.push(`arrived ${id}`),
    hidden: () => told.push('hidden') > 0 && listed,
    schedule: (run) => run(),
    later: (run) => void retries.push(run),
  })
  const seqs = () => logs.state(ROOM).get().snapshot?.messages.map((it) => it.seq)
  return { logs, told, seqs, retries }
}

it('reads the snapshot, follows from it, and grows with the events', async () => {
  const { logs, told, seqs } = logsOf([snapshot()])
  const close = logs.open(ROOM)
  await settle()
  logs.event(posted(2))
  logs.event(posted(3))
  logs.caughtUp(ROOM)
  expect(seqs()).toEqual([1, 2, 3])
  expect(logs.state(ROOM).get().live).toBe(true)
  close()
  expect(told).toEqual(['follow 1', 'arrived c-2', 'arrived c-3', 'unfollow'])
})

it('coming back follows from where it left, without a new snapshot', async () => {
  const { logs, told } = logsOf([snapshot()])
  logs.open(ROOM)()
  await settle()
  logs.open(ROOM)
  expect(told.at(-1)).toBe('follow 1')
})

it('an event that does not fit makes it read the room again', async () => {
  const { logs, told, seqs } = logsOf([snapshot(), snapshot({ as_of_seq: 5, messages: [message(5)] })])
  logs.open(ROOM)
  await settle()
  logs.event(posted(4))
  await settle()
  expect(seqs()).toEqual([5])
  expect(told.filter((it) => it.startsWith('follow'))).toEqual(['follow 1', 'follow 5'])
})

it('keeps trying while the hub is away', async () => {
  const { logs, retries, seqs } = logsOf([offline(), snapshot()])
  logs.open(ROOM)
  await settle()
  expect(logs.state(ROOM).get().problem?.code).toBe('offline')
  retries.shift()?.()
  await settle()
  expect(seqs()).toEqual([1])
})

it('puts older messages in front, once each', async () => {
  const { logs, seqs } = logsOf([snapshot({ as_of_seq: 9, messages: [message(8), message(9)] })], { messages: [message(7), message(8)], before: null, after: null })
  logs.open(ROOM)
  await settle()
  await logs.older(ROOM)
  expect(seqs()).toEqual([7, 8, 9])
  expect(logs.state(ROOM).get().complete).toBe(true)
})

it('a room that is no longer visible leaves the list and keeps nothing', async () => {
  const { logs, told } = logsOf([snapshot(), new Problem('not_found', 404, ''), snapshot()])
  logs.open(ROOM)
  await settle()
  await logs.load(ROOM) // what `resync_required` asks for
  expect(logs.state(ROOM).get()).toMatchObject({ snapshot: null, live: false, gone: true, problem: { code: 'not_found' } })
  expect(told).toEqual(['follow 1', 'hidden', 'unfollow'])
  await logs.load(ROOM)
  expect(logs.state(ROOM).get()).toMatchObject({ gone: false, problem: null })
  expect(told.at(-1)).toBe('follow 1')
})

it.each([true, false])('an address that leads nowhere was mine only if the list had it (%s)', async (listed) => {
  const { logs } = logsOf([new Problem('not_found', 404, '')], undefined, listed)
  logs.open(ROOM)
  await settle()
  expect(logs.state(ROOM).get().gone).toBe(listed)
})

it('a refused subscription closes the room too', async () => {
  const { logs } = logsOf([snapshot()])
  logs.open(ROOM)
  await settle()
  logs.forbidden(ROOM)
  expect(logs.state(ROOM).get()).toMatchObject({ snapshot: null, gone: true })
})

it('a read mark that goes back holds until the room is left; one that goes on is only kept', async () => {
  const { logs } = logsOf([snapshot({ as_of_seq: 9, last_read_seq: 5 })])
  const close = logs.open(ROOM)
  await settle()
  const state = () => logs.state(ROOM).get()
  logs.read(ROOM, 9)
  expect([state().snapshot?.last_read_seq, state().unreadFrom]).toEqual([9, null])
  logs.read(ROOM, 6)
  expect([state().snapshot?.last_read_seq, state().unreadFrom]).toEqual([6, 7])
  logs.hold(ROOM, 8)
  logs.read(ROOM, 7)
  expect(state().unreadFrom).toBe(8)
  close()
  expect(state().unreadFrom).toBeNull()
})
