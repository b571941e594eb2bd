import { expect, it } from 'vitest'
import { offline } from '../lib/problem'
import { at, LIN } from '../test/samples'
import type { Broadcast } from '../wire'
import { createBroadcasts, openBroadcasts } from './broadcasts'

const word = (id: string, change: Partial<Broadcast> = {}): Broadcast => ({ id, scope: 'everybody', text: id, severity: 'medium', sender: LIN, created_at: at(), expires_at: at(3600), ...change })
const NOW = Date.parse(at(60))
const ids = (all: readonly Broadcast[]) => openBroadcasts(all, NOW).map((it) => it.id)

it('shows what was not seen and has not expired: worst first, then the newest', () => {
  const all = [word('old'), word('new', { created_at: at(30) }), word('seen', { seen_at: at(10) }), word('over', { expires_at: at(60) }), word('bad', { severity: 'critical' })]
  expect(ids(all)).toEqual(['bad', 'new', 'old'])
})

it('comes with the connection and by signal; seen is gone at once and stays so', async () => {
  const list = [word('a')]
  const broadcasts = createBroadcasts({ list: async () => list, seen: async () => undefined })
  await broadcasts.refresh()
  broadcasts.signal({ op: 'signal', kind: 'broadcast', broadcast: word('b', { severity: 'high' }) })
  expect(ids(broadcasts.state.get())).toEqual(['b', 'a'])
  await broadcasts.seen('a', at(61))
  await broadcasts.refresh() // an answer from before it was seen
  expect(ids(broadcasts.state.get())).toEqual([])
})

it('seen comes back when the hub could not be told; a list that cannot be read changes nothing', async () => {
  let up = true
  const broadcasts = createBroadcasts({ list: async () => (up ? [word('a')] : Promise.reject(offline())), seen: async () => Promise.reject(offline()) })
  await broadcasts.refresh()
  await expect(broadcasts.seen('a', at(61))).rejects.toMatchObject({ code: 'offline' })
  up = false
  await broadcasts.refresh()
  expect(ids(broadcasts.state.get())).toEqual(['a'])
})
