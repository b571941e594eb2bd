import { QueryClient } from '@tanstack/react-query'
import { expect, it, vi } from 'vitest'
import type { Query } from '../lib/api'
import { emptyLobby, type Lobby } from '../log/lobby'
import { room, ROOM, row } from '../test/samples'
import type { RoomPage } from '../wire'
import { createLobby, LOBBY, readLobby, WHOLE_MS } from './lobby'

function hub(...pages: RoomPage[]) {
  const asked: Query[] = []
  const rooms = async (query: Query = {}) => {
    asked.push(query)
    return pages.shift() ?? { rooms: [], changed: 'c9' }
  }
  return { asked, api: { rooms } }
}

it('first reads every page of what is present and the newest that ended; the oldest cursor counts', async () => {
  const { api, asked } = hub(
    { rooms: [row({ id: '1' })], changed: 'c1', next: 'n' },
    { rooms: [row({ id: '2' })], changed: 'c2' },
    { rooms: [row({ id: '3', status: 'closed' })], changed: 'c3' },
  )
  const lobby = await readLobby(api, () => emptyLobby)
  expect(Object.keys(lobby.rows)).toEqual(['1', '2', '3'])
  expect(lobby.changed).toBe('c1')
  expect(asked.map((it) => it.cursor)).toEqual([undefined, 'n', undefined])
})

it('later asks only for what moved, and keeps a signal that came meanwhile', async () => {
  let known: Lobby = { rows: {}, changed: 'c1' }
  const { api, asked } = hub({ rooms: [row({ id: '1', last_seq: 4 }, { unread: 2 })], changed: 'c2' })
  const reading = readLobby(api, () => known)
  known = { ...known, rows: { '1': row({ id: '1', last_seq: 5, status: 'on_site' }) } }
  const lobby = await reading
  expect(asked).toEqual([{ changed_after: 'c1' }])
  expect(lobby.rows['1']).toMatchObject({ unread: 2, room: { last_seq: 5, status: 'on_site' } })
})

it('a burst of signals moves rows at once and asks for what is mine one time', () => {
  const queries = new QueryClient()
  queries.setQueryData(LOBBY, { rows: {}, changed: 'c1' })
  const invalidate = vi.spyOn(queries, 'invalidateQueries')
  const waiting: Array<() => void> = []
  const lobby = createLobby(queries, (run) => void waiting.push(run))
  for (const seq of [1, 2, 3]) lobby.signal({ op: 'signal', kind: 'lobby', rooms: [{ room: room({ last_seq: seq }), members: seq }] })
  expect(Object.values(lobby.known().rows)[0]).toMatchObject({ members: 3, room: { last_seq: 3 } })
  expect(waiting).toHaveLength(1)
  waiting[0]?.()
  expect(invalidate).toHaveBeenCalledOnce()
})

it('now and then reads the whole list: a room it lacks is dropped, one that came or moved meanwhile is not', async () => {
  const queries = new QueryClient()
  queries.setQueryData(LOBBY, { rows: { hid: row({ id: 'hid' }), moved: row({ id: 'moved', last_seq: 4 }), stays: row({ id: 'stays' }) }, changed: 'c1' })
  let time = 0
  const lobby = createLobby(queries, () => undefined, () => time)
  const soon = hub({ rooms: [], changed: 'c2' })
  expect(Object.keys((await lobby.list(soon.api)).rows)).toEqual(['hid', 'moved', 'stays'])
  expect(soon.asked).toEqual([{ changed_after: 'c1' }])

  time = WHOLE_MS
  const whole = hub({ rooms: [row({ id: 'stays' })], changed: 'c3' }, { rooms: [], changed: 'c4' })
  const reading = lobby.list(whole.api)
  lobby.signal({ op: 'signal', kind: 'lobby', rooms: [{ room: room({ id: 'moved', last_seq: 5 }), members: 0 }, { room: room({ id: 'new' }), members: 0 }] })
  const read = await reading
  expect(Object.keys(read.rows)).toEqual(['moved', 'stays', 'new'])
  expect(read.changed).toBe('c3')
})

it('a room that is no longer visible is dropped at once', () => {
  const queries = new QueryClient()
  queries.setQueryData(LOBBY, { rows: { '1': row({ id: '1' }), '2': row({ id: '2' }) }, changed: 'c1' })
  const lobby = createLobby(queries, () => undefined)
  expect([lobby.drop('1'), lobby.drop('1')]).toEqual([true, false])
  expect(Object.keys(lobby.known().rows)).toEqual(['2'])
})

it('a read mark of another device: at the end nothing is left, marked unread the hub is asked what is; a late one changes nothing', async () => {
  const queries = new QueryClient()
  const left = row({ last_seq: 9 }, { unread: 2, mentions: 1, last_read_seq: 6 })
  const rowOf = vi.fn(async () => left)
  queries.setQueryData(LOBBY, { rows: { [ROOM]: row({ last_seq: 9 }, { unread: 4, mentions: 2, last_read_seq: 4 }) }, changed: 'c1' })
  const lobby = createLobby(queries, () => undefined, Date.now, rowOf)
  lobby.signal({ op: 'signal', kind: 'read', room: ROOM, last_read_seq: 9 })
  expect(lobby.known().rows[ROOM]).toMatchObject({ unread: 0, mentions: 0, last_read_seq: 9 })
  expect(rowOf).not.toHaveBeenCalled()
  lobby.signal({ op: 'signal', kind: 'read', room: ROOM, last_read_seq: 6 })
  expect(lobby.known().rows[ROOM]).toMatchObject({ unread: 0, last_read_seq: 9 })
  expect(rowOf).not.toHaveBeenCalled()
  lobby.signal({ op: 'signal', kind: 'read', room: ROOM, last_read_seq: 6, unread: true })
  await vi.waitFor(() => expect(lobby.known().rows[ROOM]).toMatchObject({ unread: 2, mentions: 1, last_read_seq: 6 }))
})
