import { describe, expect, it } from 'vitest'
import { at, CHEN, room, row } from '../test/samples'
import type { RoomRow } from '../wire'
import { emptyLobby, type Lobby, mergePage, mergeRead, mergeSignal, sectionsOf, worstOpen } from './lobby'

const lobbyOf = (...rows: RoomRow[]): Lobby => mergePage(emptyLobby, { rooms: rows, changed: 'c1' })
const codes = (rows: RoomRow[]) => rows.map((it) => it.room.code)
const today = () => true

describe('order', () => {
  it('worst first, then what nobody has, then the oldest', () => {
    const lobby = lobbyOf(
      row({ id: '1', code: 'MED', severity: 'medium' }),
      row({ id: '2', code: 'HIGH-TAKEN-OLD', severity: 'high', status: 'acknowledged', owner: CHEN, first_raised_at: at(-900) }),
      row({ id: '3', code: 'HIGH-ALONE', severity: 'high', first_raised_at: at(50) }),
      row({ id: '4', code: 'CRIT-NEW', first_raised_at: at(99), status: 'on_site', owner: CHEN }),
      row({ id: '5', code: 'CRIT-OLD', first_raised_at: at(1), status: 'on_site', owner: CHEN }),
    )
    expect(codes(sectionsOf(lobby, today).live)).toEqual(['CRIT-OLD', 'CRIT-NEW', 'HIGH-ALONE', 'HIGH-TAKEN-OLD', 'MED'])
    expect(worstOpen(lobby)).toBe(1)
  })

  it('three parts; what closed on another day is gone', () => {
    const lobby = lobbyOf(
      row({ id: '1', code: 'LIVE' }),
      row({ id: '2', code: 'WATCH', status: 'restored', restored_at: at(9) }),
      row({ id: '3', code: 'DONE', status: 'closed', closed_at: at(9) }),
      row({ id: '4', code: 'OLD', status: 'closed', closed_at: at(-86_400) }),
    )
    const { live, watch, closed } = sectionsOf(lobby, (iso) => iso === at(9))
    expect([codes(live), codes(watch), codes(closed)]).toEqual([['LIVE'], ['WATCH'], ['DONE']])
  })

  it('a calm plant lights nothing', () => expect(worstOpen(lobbyOf(row({ status: 'restored' })))).toBeNull())
})

describe('changes', () => {
  it('a new room appears by itself, a known one moves and keeps what is mine', () => {
    const known = lobbyOf(row({ id: '1', last_seq: 4 }, { unread: 2, last_read_seq: 2 }))
    const next = mergeSignal(known, [{ room: room({ id: '1', last_seq: 5, status: 'on_site' }), members: 3 }, { room: room({ id: '2' }), members: 0 }])
    expect(next.rows['1']).toMatchObject({ unread: 2, members: 3, room: { status: 'on_site' } })
    expect(next.rows['2']).toMatchObject({ unread: 0, am_member: false })
  })

  it('never goes back: neither by a late signal nor by an older page', () => {
    const known = lobbyOf(row({ id: '1', last_seq: 9, status: 'restored' }))
    expect(mergeSignal(known, [{ room: room({ id: '1', last_seq: 8 }), members: 0 }]).rows['1']?.room.status).toBe('restored')
    const page = mergePage(known, { rooms: [row({ id: '1', last_seq: 8 }, { unread: 7 })], changed: 'c2' })
    expect(page.rows['1']).toMatchObject({ unread: 7, room: { status: 'restored', last_seq: 9 } })
    expect(page.changed).toBe('c2')
  })

  it('reading to the end leaves nothing unread', () => {
    const known = lobbyOf(row({ id: '1', last_seq: 9 }, { unread: 3 }))
    expect(mergeRead(known, '1', 9, null).rows['1']?.unread).toBe(0)
    expect(mergeRead(known, '1', 7, { unread: 1, mentions: 1 }).rows['1']).toMatchObject({ unread: 1, mentions: 1, last_read_seq: 7 })
  })

  it('the read mark goes back when marked unread, never by a late answer', () => {
    const known = lobbyOf(row({ id: '1', last_seq: 9 }, { unread: 0, last_read_seq: 9 }))
    const left = { unread: 2, mentions: 1 }
    expect(mergeRead(known, '1', 7, left)).toBe(known)
    expect(mergeRead(known, '1', 7, left, true).rows['1']).toMatchObject({ ...left, last_read_seq: 7 })
    expect(mergeRead(known, 'gone', 7, null)).toBe(known)
  })
})
