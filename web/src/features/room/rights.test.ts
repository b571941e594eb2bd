import { describe, expect, it } from 'vitest'
import { at, CHEN, LIN, message, snapshot } from '../../test/samples'
import { ME } from '../../test/room'
import type { Me } from '../../wire'
import { callable, EDIT_MS, menuOf, myGroups, needsReason, type Role } from './rights'

const mine = message(1, { sender: CHEN, created_at: at() })
const theirs = message(2, { sender: LIN, created_at: at() })
const soon = Date.parse(at(60))
const canOf = (me: Me, role: Role) => {
  const members = role ? [{ user: CHEN, role, from_seq: 1 }] : []
  return snapshot({ members, reader: { user_id: CHEN.id, role: me.role, kind: 'person', lines: null } }).can
}
const menu = (it: typeof mine, me: Me = ME, role: Role = 'responder', now = soon, mayWrite = true) => menuOf(it, { me, can: canOf(me, role), mayWrite }, now).map(({ name }) => name)

describe('the menu of a message', () => {
  it('my own can be changed for 15 minutes', () => {
    expect(menu(mine)).toEqual(['edit', 'unread', 'copy', 'remove'])
    expect(menu(mine, ME, 'responder', Date.parse(at()) + EDIT_MS - 1)).toContain('edit')
    expect(menu(mine, ME, 'responder', Date.parse(at()) + EDIT_MS)).not.toContain('edit')
  })

  it('others’ go by who leads the room or is admin, with a reason', () => {
    expect(menu(theirs)).toEqual(['unread', 'copy'])
    expect(menu(theirs, ME, 'owner')).toContain('remove')
    expect(menu(theirs, ME, 'lead')).toContain('remove')
    expect(menu(theirs, { ...ME, role: 'lead' })).not.toContain('remove')
    expect(menu(theirs, { ...ME, role: 'admin' }, null)).toContain('remove')
    expect([needsReason(theirs, ME), needsReason(mine, ME)]).toEqual([true, false])
  })

  it('nothing is changed in a room that has ended, or by who only looks on', () => {
    expect(menu(mine, ME, 'responder', soon, false)).toEqual(['unread', 'copy', 'remove'])
    expect(menu(mine, { ...ME, role: 'viewer' }, 'viewer', soon, false)).toEqual(['unread', 'copy'])
  })

  it('former texts are for all, until it is deleted; of what is deleted nothing is left but the place', () => {
    expect(menu({ ...theirs, edited_at: at(5) })).toContain('history')
    const gone = { ...mine, edited_at: at(5), deleted_at: at(6) }
    expect(menu(gone)).toEqual(['unread'])
    expect(menu(gone, { ...ME, role: 'admin' })).toEqual(['unread', 'history'])
  })
})

it('groups: which call me, and which I may call', () => {
  expect([null, 'guest', 'responder', 'owner'].map((it) => myGroups(it as Role).length)).toEqual([0, 1, 2, 3])
  expect(callable(canOf(ME, 'responder'))).not.toContain('room')
  expect(callable(canOf(ME, 'owner'))).toContain('room')
  expect(callable(canOf({ ...ME, role: 'lead' }, null))).toContain('room')
})
