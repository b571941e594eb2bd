import { notifications } from '@mantine/notifications'
import i18next from 'i18next'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { offline, Problem } from '../lib/problem'
import { LIN, message, ROOM } from '../test/samples'
import { createDeeds } from './deeds'
import type { Hub } from './hub'

const said = message(7, { version: 3 })
let toasts: unknown[] = []

beforeEach(() => {
  toasts = []
  vi.spyOn(notifications, 'show').mockImplementation(({ message: text }) => {
    toasts.push(text)
    return ''
  })
})

function deeds(refusal?: Problem) {
  const answer = async () => (refusal ? Promise.reject(refusal) : undefined)
  const hub = {
    socket: { change: vi.fn(answer) },
    reacting: { react: vi.fn(answer) },
    api: {
      message: vi.fn(async () => message(7, { version: 4, content: '別的' })),
      markRead: vi.fn(async () => ({ room_id: ROOM, last_read_seq: 6, unread: 2, mentions: 1 })),
      addMember: vi.fn(answer),
      people: vi.fn(),
    },
    lobby: { read: vi.fn() },
    logs: { read: vi.fn(), hold: vi.fn() },
  }
  return { hub, ...createDeeds(hub as unknown as Hub, ROOM, i18next.t) }
}

it('an edit names the version it changed; when somebody was faster the newer text comes back', async () => {
  const good = deeds()
  expect(await good.edit(said, '改過')).toBe('done')
  expect(good.hub.socket.change).toHaveBeenCalledWith({ op: 'edit', message_id: 'm-7', content: '改過', version: 3 })
  const late = deeds(new Problem('edit_conflict', 0, ''))
  expect(await late.edit(said, '改過')).toMatchObject({ version: 4, content: '別的' })
  expect(toasts).toEqual([])
})

it('a deletion of another’s carries its reason', async () => {
  const { hub, remove } = deeds()
  expect([await remove(said), await remove(said, '寫錯間')]).toEqual([true, true])
  expect(hub.socket.change.mock.calls).toEqual([[{ op: 'delete', message_id: 'm-7' }], [{ op: 'delete', message_id: 'm-7', reason: '寫錯間' }]])
})

describe('what is refused says so in one line', () => {
  it('with the reason', async () => {
    expect(await deeds(new Problem('edit_window', 0, '')).edit(said, 'x')).toBe('refused')
    expect(await deeds(new Problem('forbidden', 0, '')).remove(said, 'x')).toBe(false)
    expect(await deeds(new Problem('not_found', 0, '')).add(LIN)).toBe(false)
    expect(toasts).toEqual(['編輯沒有成功：超過 15 分鐘，不能再改', '刪除沒有成功：你的角色不能做這件事', '加入沒有成功：找不到，或你看不到這一間'])
  })

  it('offline it cannot wait', async () => {
    const off = deeds(offline())
    await off.edit(said, 'x')
    await off.remove(said)
    off.react('m-7', '✅', true)
    await vi.waitFor(() => expect(toasts).toEqual(['離線時不能編輯', '離線時不能刪除', '離線時不能回應']))
  })
})

it('marked unread, the mark goes back before the message, here and in the list', async () => {
  const { hub, unread } = deeds()
  unread(said)
  expect(hub.logs.hold).toHaveBeenCalledExactlyOnceWith(ROOM, 7)
  await vi.waitFor(() => expect(toasts).toEqual(['已標為未讀']))
  expect(hub.api.markRead).toHaveBeenCalledWith(ROOM, 6, true)
  expect(hub.lobby.read).toHaveBeenCalledWith(ROOM, 6, { unread: 2, mentions: 1 }, true)
  expect(hub.logs.read).toHaveBeenCalledWith(ROOM, 6, true)
})
