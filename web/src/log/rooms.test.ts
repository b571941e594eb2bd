import { expect, it } from 'vitest'
import { offline, Problem } from '../lib/problem'
import { held, logDeps } from '../test/logs'
import { CHEN, event, message, ROOM, snapshot } from '../test/samples'
import type { EventFrame, Message, MessagePage, Snapshot } from '../wire'
import { createRoomLogs } from './rooms'
import { joined } from './stretch'

const posted = (seq: number): EventFrame => ({ op: 'event', ...event(seq, 'MessagePosted', { message: message(seq, { client_msg_id: `c-${seq}` }) }) })
const settle = () => new Promise((done) => setTimeout(done))

function logsOf(snapshots: Array<Snapshot | Error>, page: MessagePage | Promise<MessagePage> = { messages: [], before: null, after: null }, listed = false) {
  const told: string[] = []
  const retries: Array<() => void> = []
  const deps = logDeps({
    snapshot: async () => {
      const next = snapshots.shift()
      if (!next || next instanceof Error) throw next ?? offline()
      return next
    },
    older: async () => page,
    around: async () => page,
    follow: (_, seq) => told.push(`follow ${seq}`),
    unfollow: () => told.push('unfollow'),
    arrived: (id) => told.push(`arrived ${id}`),
    hidden: () => told.push('hidden') > 0 && listed,
    later: (run) => void retries.push(run),
  })
  const logs = createRoomLogs(deps)
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

const frame = (seq: number, type: string, body: Record<string, unknown>): EventFrame => ({ op: 'event', ...event(seq, type, body) })
const edited = (seq: number, of: number) => frame(seq, 'MessageEdited', { message_id: `m-${of}`, now: { content: '改過', version: 2 } })
const removed = (seq: number, of: number) => frame(seq, 'MessageDeleted', { message_id: `m-${of}` })
const received = (seq: number, of: number) => frame(seq, 'ReactionAdded', { message_id: `m-${of}`, reactions: [{ emoji: '✅', count: 1, users: [CHEN] }] })
const texts = (messages: readonly Message[] = []) => messages.map((it) => `${it.content}${(it.reactions ?? []).map((one) => one.emoji).join('')}`)

it('what happens to older messages while their page is under way shows on it', async () => {
  const older = held()
  const { logs } = logsOf([snapshot({ as_of_seq: 9, messages: [message(9)] })], older.page)
  logs.open(ROOM)
  await settle()
  const reading = logs.older(ROOM)
  for (const it of [edited(10, 5), removed(11, 6), received(12, 7)]) logs.event(it)
  older.give({ messages: [message(5), message(6), message(7)], before: null, after: null })
  await reading
  expect(texts(logs.state(ROOM).get().snapshot?.messages)).toEqual(['改過', '', '第 7 則✅', '第 9 則'])
})

it('a page of a log that was read anew meanwhile is not put in front of it', async () => {
  const older = held()
  const { logs, seqs } = logsOf([snapshot({ as_of_seq: 9, messages: [message(9)] }), snapshot({ as_of_seq: 30, messages: [message(9)] })], older.page)
  logs.open(ROOM)
  await settle()
  const reading = logs.older(ROOM)
  await logs.load(ROOM)
  older.give({ messages: [message(8)], before: null, after: null })
  await reading
  expect(seqs()).toEqual([9])
})

it('a stretch changes with the log: while it is under way, as it stands, and in front of the newest', async () => {
  const around = held()
  const { logs } = logsOf([snapshot({ as_of_seq: 9, messages: [message(8), message(9)] })], around.page)
  logs.open(ROOM)
  await settle()
  const jumping = logs.jump(ROOM, 5)
  logs.event(removed(10, 4))
  around.give({ messages: [message(4), message(5), message(6), message(8)], before: 4, after: 8 })
  await jumping
  for (const it of [edited(11, 5), received(12, 6), removed(13, 8)]) logs.event(it)
  const { jump, snapshot: now } = logs.state(ROOM).get()
  expect(texts(jump?.stretch?.messages)).toEqual(['', '改過', '第 6 則✅', ''])
  expect(jump?.stretch && texts(joined(jump.stretch, now?.messages ?? []).messages)).toEqual(['', '改過', '第 6 則✅', '', '第 9 則'])
})

it('a room read anew, or left, keeps no stretch', async () => {
  const { logs } = logsOf([snapshot({ as_of_seq: 9 }), snapshot({ as_of_seq: 30 })], { messages: [message(5)], before: null, after: 5 })
  const close = logs.open(ROOM)
  await settle()
  await logs.jump(ROOM, 5)
  await logs.load(ROOM)
  expect(logs.state(ROOM).get().jump).toBeNull()
  await logs.jump(ROOM, 5)
  expect(logs.state(ROOM).get().jump?.at).toBe(5)
  close()
  expect(logs.state(ROOM).get().jump).toBeNull()
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

it('a late answer never takes the read mark back', async () => {
  const { logs } = logsOf([snapshot({ as_of_seq: 9, last_read_seq: 5 })])
  logs.open(ROOM)
  await settle()
  for (const seq of [9, 7]) logs.read(ROOM, seq)
  expect(logs.state(ROOM).get()).toMatchObject({ unreadFrom: null, snapshot: { last_read_seq: 9 } })
})

it('marked unread, the mark goes back and that holds until the room is left', async () => {
  const { logs } = logsOf([snapshot({ as_of_seq: 9, last_read_seq: 5 })])
  const close = logs.open(ROOM)
  await settle()
  const state = () => logs.state(ROOM).get()
  logs.read(ROOM, 9)
  logs.read(ROOM, 6, true)
  expect([state().snapshot?.last_read_seq, state().unreadFrom]).toEqual([6, 7])
  logs.hold(ROOM, 8)
  logs.read(ROOM, 7)
  expect([state().snapshot?.last_read_seq, state().unreadFrom]).toEqual([7, 8])
  close()
  expect(state().unreadFrom).toBeNull()
})
