import { vi } from 'vitest'
import type { RoomView } from '../features/room/context'
import { NOBODY } from '../log/here'
import type { Me, Room } from '../wire'
import { card, cardMessage, CHEN, LIN, message, room, snapshot, system } from './samples'

export const ME: Me = { ...CHEN, username: 'chen', role: 'responder', language: null }

/** A room page's whole view; each test takes what it cares about. */
export function view(change: Partial<RoomView> = {}, facts: Partial<Room> = {}): RoomView {
  const messages = [system(1, 'RoomOpened', {}, { sender: null }), cardMessage(2, card({ raw: { Z5: 268.4 } })), message(3, { content: '<img src=x onerror=alert(1)> 進板已停' })]
  const member = { user: LIN, role: 'lead' as const, from_seq: 1 }
  const { id: user_id, role, kind } = change.me ?? ME
  const reader = { user_id, role, kind, lines: null }
  return {
    snapshot: snapshot({ as_of_seq: 3, room: room(facts), members: [member], messages, reader }),
    me: ME,
    live: true,
    offline: false,
    complete: true,
    pending: [],
    strip: null,
    act: vi.fn(async () => undefined),
    closing: vi.fn(async () => ({ form: {}, required: [], missing: [] })),
    post: vi.fn(),
    older: vi.fn(async () => undefined),
    read: vi.fn(),
    retry: vi.fn(),
    discard: vi.fn(),
    here: NOBODY,
    unreadFrom: null,
    typing: vi.fn(),
    deeds: {
      react: vi.fn(),
      edit: vi.fn(async () => 'done' as const),
      remove: vi.fn(async () => true),
      unread: vi.fn(),
      copy: vi.fn(),
      history: vi.fn(async () => []),
      people: vi.fn(async () => []),
      add: vi.fn(async () => true),
    },
    ...change,
  }
}
