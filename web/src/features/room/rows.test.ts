import { describe, expect, it } from 'vitest'
import type { Pending } from '../../log/outbox'
import { at, card, cardMessage, CHEN, LIN, message, ROOM, system } from '../../test/samples'
import type { Message } from '../../wire'
import { firstNew, type Row, rowsOf } from './rows'

const kinds = (rows: Row[]) => rows.map((it) => it.kind)
const rowsFor = (messages: Message[], pending: Pending[] = [], newSeq: number | null = null) => rowsOf(messages, pending, newSeq, CHEN.id)
const joined = (seq: number, user = CHEN, by = LIN) => system(seq, 'MemberAdded', { user, role: 'responder' }, { sender: by })
const waiting = (n: number, state: Pending['state'] = 'queued'): Pending => ({ id: `c-${n}`, user: CHEN.id, room: ROOM, content: `${n}`, at: Date.parse(at(n)), order: n, state })

describe('three voices', () => {
  it('people, machines and the system each in their own row, under the day', () => {
    const rows = rowsFor([system(1, 'RoomOpened'), cardMessage(2, card()), message(3)])
    expect(kinds(rows)).toEqual(['day', 'system', 'alarm', 'talk'])
  })

  it('one person within three minutes is one block; an event or another person starts a new one', () => {
    const rows = rowsFor([
      message(1, { created_at: at(0) }),
      message(2, { created_at: at(170) }),
      message(3, { created_at: at(360) }),
      system(4, 'SeverityChanged', {}, { created_at: at(361) }),
      message(5, { created_at: at(362) }),
      message(6, { created_at: at(363), sender: CHEN }),
    ])
    expect(rows.flatMap((it) => (it.kind === 'talk' ? [it.first] : []))).toEqual([true, false, true, true, true])
  })

  it('people who join within half a minute are one row', () => {
    const [, row] = rowsFor([joined(1, CHEN), joined(2, LIN, CHEN), joined(3, { ...LIN, id: 'u-3' }, CHEN)])
    expect(row?.kind === 'system' && row.messages.map((it) => it.seq)).toEqual([1, 2, 3])
  })

  it('joining by acting is told by the act alone', () => {
    const self = system(1, 'MemberAdded', { user: LIN, role: 'responder' }, { sender: LIN, created_at: at(0) })
    expect(kinds(rowsFor([self, message(2, { created_at: at(1) })]))).toEqual(['day', 'talk'])
    expect(kinds(rowsFor([self]))).toEqual(['day', 'system'])
  })
})

describe('separators', () => {
  it('a new day, and a silence of more than half an hour', () => {
    const noon = (day: number, hour: number) => new Date(2026, 10, day, hour).toISOString()
    const rows = rowsFor([message(1, { created_at: noon(22, 9) }), message(2, { created_at: noon(22, 11) }), message(3, { created_at: noon(23, 11) })])
    expect(kinds(rows)).toEqual(['day', 'talk', 'gap', 'talk', 'day', 'talk'])
    expect(rows[2]).toMatchObject({ ms: 2 * 3600_000 })
  })

  it('stands before the first message that is new to me and not mine', () => {
    const messages = [message(1), message(2, { sender: CHEN }), message(3)]
    expect(firstNew(messages, 1, CHEN.id)).toBe(3)
    expect(firstNew(messages, 0, CHEN.id)).toBeNull()
    expect(firstNew(messages, 3, CHEN.id)).toBeNull()
    expect(kinds(rowsFor(messages, [], 3))).toEqual(['day', 'talk', 'talk', 'new', 'talk'])
  })
})

describe('what is on its way', () => {
  it('stands at the end with its place in the queue', () => {
    const rows = rowsFor([message(1)], [waiting(1, 'failed'), waiting(2), waiting(3)])
    expect(rows.flatMap((it) => (it.kind === 'pending' ? [[it.position, it.first]] : []))).toEqual([[0, true], [1, false], [2, false]])
  })

  it('makes room for the message itself the moment it arrives', () => {
    const rows = rowsFor([message(1, { client_msg_id: 'c-1' })], [waiting(1, 'sending')])
    expect(kinds(rows)).toEqual(['day', 'talk'])
  })
})
