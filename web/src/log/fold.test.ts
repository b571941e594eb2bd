import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { at, card, cardMessage, CHEN, event, LIN, message, room, snapshot, system } from '../test/samples'
import type { Person, RoomEvent, Snapshot } from '../wire'
import { apply, changed, Gap } from './fold'

const after = (start: Snapshot, ...events: RoomEvent[]) => events.reduce(apply, start)
const status = (seq: number, from_status: string, to_status: string) => event(seq, 'StatusChanged', { from_status, to_status })

describe('the numbers', () => {
  it('ignores what is already in the snapshot, refuses a gap, and never changes the old one', () => {
    const start = snapshot({ as_of_seq: 5 })
    expect(apply(start, event(5, 'StatusChanged', { to_status: 'closed' }))).toBe(start)
    expect(() => apply(start, event(7, 'OwnerChanged', { owner_id: null }))).toThrow(Gap)
    const kept = structuredClone(start)
    apply(start, event(6, 'SeverityChanged', { from_severity: 'critical', to_severity: 'high' }))
    expect(start).toEqual(kept)
  })

  it('counts every event, also one of a type this page does not know, and shows its message', () => {
    const next = apply(snapshot(), event(2, 'MoonRose', { message: system(2, 'MoonRose') }))
    expect([next.as_of_seq, next.room.last_seq, next.messages.at(-1)?.seq]).toEqual([2, 2, 2])
  })
})

describe('status and clocks', () => {
  it('sets the clock of each step to the time of its event', () => {
    const next = after(snapshot(), status(2, 'open', 'acknowledged'), status(3, 'acknowledged', 'on_site'), status(4, 'on_site', 'restored'), status(5, 'restored', 'monitoring'), status(6, 'monitoring', 'closed'))
    const { acknowledged_at, on_site_at, restored_at, monitoring_at, closed_at } = next.room
    expect([acknowledged_at, on_site_at, restored_at, monitoring_at, closed_at]).toEqual([20, 30, 40, 50, 60].map(at))
    expect(next.room.status).toBe('closed')
  })

  it('forgets the later clocks when the incident goes back', () => {
    const far = snapshot({ room: room({ status: 'monitoring', acknowledged_at: at(1), on_site_at: at(2), restored_at: at(3), monitoring_at: at(4) }) })
    expect(apply(far, status(2, 'monitoring', 'restored')).room).toMatchObject({ restored_at: at(20), monitoring_at: null, on_site_at: at(2) })
    expect(apply(far, status(2, 'monitoring', 'open')).room).toMatchObject({ acknowledged_at: null, on_site_at: null, restored_at: null, closed_at: null })
  })

  it.each(['merged', 'false_alarm'])('%s ends the incident', (to) => {
    expect(apply(snapshot(), status(2, 'open', to)).room).toMatchObject({ status: to, closed_at: at(20) })
  })
})

describe('facts of the room', () => {
  it('RoomChanged changes what it names; the fault stays', () => {
    const next = apply(snapshot(), event(2, 'RoomChanged', { title: '改過', visibility: 'members' }))
    expect(next.room).toMatchObject({ title: '改過', visibility: 'members', fault: room().fault })
  })

  it('SeverityChanged and OwnerChanged', () => {
    const next = after(snapshot(), event(2, 'SeverityChanged', { to_severity: 'high' }), event(3, 'OwnerChanged', { owner_id: CHEN.id, owner: CHEN }))
    expect(next.room).toMatchObject({ severity: 'high', owner: CHEN })
    expect(apply(next, event(4, 'OwnerChanged', { owner_id: null, owner: null })).room.owner).toBeNull()
  })

  it('members come, change their role and go', () => {
    const added = after(snapshot(), event(2, 'MemberAdded', { user_id: CHEN.id, user: CHEN, role: 'responder' }), event(3, 'MemberAdded', { user_id: LIN.id, user: LIN, role: 'lead' }))
    expect(added.members.map((it) => [it.user.id, it.role, it.from_seq])).toEqual([[CHEN.id, 'responder', 2], [LIN.id, 'lead', 3]])
    const changed = apply(added, event(4, 'RoleChanged', { user_id: CHEN.id, role: 'owner', user: CHEN }))
    expect(changed.members[0]?.role).toBe('owner')
    expect(apply(changed, event(5, 'MemberRemoved', { user_id: CHEN.id, user: CHEN })).members.map((it) => it.user.id)).toEqual([LIN.id])
  })
})

describe('messages and cards', () => {
  it('appends messages in seq order and takes the new count of alarms', () => {
    const next = after(
      snapshot(),
      event(2, 'MessagePosted', { message_id: 'm-2', kind: 'text', message: message(2) }),
      event(3, 'MessagePosted', { message_id: 'm-3', kind: 'incident_data', active_alarms: 2, message: cardMessage(3, card()) }),
    )
    expect(next.messages.map((it) => it.seq)).toEqual([1, 2, 3])
    expect(next.room.active_alarms).toBe(2)
  })

  it('changes a card in its place and moves nothing', () => {
    const start = snapshot({ as_of_seq: 3, messages: [cardMessage(2, card()), message(3)] })
    const returned = card({ state: { active: false, acked: null }, count: 3 })
    const next = apply(start, event(4, 'OccurrenceChanged', { message_id: 'm-2', card: returned, active_alarms: 0 }))
    expect(next.messages[0]?.metadata).toEqual(returned)
    expect(next.messages[1]).toBe(start.messages[1])
    expect(next.room.active_alarms).toBe(0)
  })
})

describe('what becomes of a message', () => {
  const posted = event(2, 'MessagePosted', { message_id: 'm-2', kind: 'text', message: { content: '爐溫 250' } })
  const liked = [{ emoji: '✅', count: 1, users: [CHEN] }]
  const mine = liked.map((it) => ({ ...it, mine: true }))

  it('starts as version 1 without reactions', () => {
    expect(apply(snapshot(), posted).messages.at(-1)).toMatchObject({ version: 1, reactions: [] })
  })

  it('an edit brings the text as it is now; the reactions stay', () => {
    const now = { content: '爐溫 268', metadata: { mentions: { people: [LIN] } }, edited_at: at(40), version: 2 }
    const next = after(snapshot(), posted, event(3, 'ReactionAdded', { message_id: 'm-2', emoji: '✅', reactions: liked }), event(4, 'MessageEdited', { message_id: 'm-2', version: 2, now }))
    expect(next.messages.at(-1)).toMatchObject({ ...now, deleted_at: null, reactions: mine })
  })

  it('an edit of what was deleted later shows the tombstone', () => {
    const next = after(snapshot(), posted, event(3, 'MessageEdited', { message_id: 'm-2', version: 2, now: { deleted_at: at(50), version: 2 } }))
    expect(next.messages.at(-1)).toMatchObject({ content: '', deleted_at: at(50) })
  })

  it('reactions come as the whole list; a deletion takes them along', () => {
    const reacted = after(snapshot(), posted, event(3, 'ReactionAdded', { message_id: 'm-2', emoji: '✅', reactions: liked }))
    expect(reacted.messages.at(-1)?.reactions).toEqual(mine)
    expect(apply(reacted, event(4, 'ReactionRemoved', { message_id: 'm-2', emoji: '✅', reactions: [] })).messages.at(-1)?.reactions).toEqual([])
    expect(apply(reacted, event(4, 'MessageDeleted', { message_id: 'm-2' })).messages.at(-1)).toMatchObject({ content: '', reactions: [], deleted_at: at(40) })
  })

  it('only my own events tell which reactions are mine, whoever is named', () => {
    const many = [{ emoji: '✅', count: 21, users: [LIN] }, { emoji: '👀', count: 1, users: [LIN] }]
    const reacting = (seq: number, type: string, actor: Person, body: object) => event(seq, type, { message_id: 'm-2', emoji: '✅', ...body }, actor)
    const start = apply(snapshot(), posted)
    const shown = (...events: RoomEvent[]) => after(start, ...events).messages.at(-1)?.reactions?.map((it) => [it.emoji, it.count, it.mine])
    const own = reacting(3, 'ReactionAdded', CHEN, {})
    expect(shown(own)).toEqual([['✅', 1, true]])
    const theirs = reacting(4, 'ReactionAdded', LIN, { emoji: '👀', reactions: many })
    expect(shown(own, theirs)).toEqual([['✅', 21, true], ['👀', 1, false]])
    expect(shown(own, theirs, reacting(5, 'ReactionRemoved', CHEN, {}))).toEqual([['✅', 21, false], ['👀', 1, false]])
  })

  it('one that was never loaded changes nothing else', () => {
    const start = apply(snapshot(), posted)
    expect(apply(start, event(3, 'ReactionAdded', { message_id: 'm-9', reactions: liked })).messages).toEqual(start.messages)
  })
})

describe('the law: old snapshot + events = fresh snapshot', () => {
  const folder = join(__dirname, '../../../tests/data/golden')
  const files = readdirSync(folder).filter((it) => it.endsWith('.json'))
  test('there is something to check it with', () => expect(files).not.toEqual([]))
  test.each(files)('%s', (file) => {
    const golden = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { snapshot: Snapshot; events: RoomEvent[]; expected: Snapshot }
    expect(golden.events.reduce(apply, golden.snapshot)).toEqual(golden.expected)
  })
})

it('messages read after an event take it without harm: a newer text stays, and what is deleted stays deleted', () => {
  const edit = (seq: number, version: number) => event(seq, 'MessageEdited', { message_id: 'm-1', now: { content: `v${version}`, version } })
  const newer = [message(1, { content: 'v3', version: 3 })]
  expect(changed(newer, edit(8, 2), CHEN.id)[0]?.content).toBe('v3')
  expect(changed(newer, edit(9, 4), CHEN.id)[0]?.content).toBe('v4')
  const gone = [message(1, { content: '', deleted_at: at(9) })]
  expect(changed(gone, edit(9, 4), CHEN.id)).toBe(gone)
  expect(changed(newer, event(9, 'MessagePosted', { message_id: 'm-1' }), CHEN.id)).toBe(newer)
})
