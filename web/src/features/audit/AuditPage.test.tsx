import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { fireEvent, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { type Rest, RestContext } from '../../lib/rest'
import { draw } from '../../test/page'
import { at, CHEN } from '../../test/samples'
import type { AuditEntry, AuditState } from '../../wire'
import { AuditPage } from './AuditPage'
import { asQuery, NOTHING } from './asked'

const entry = (id: string, change: Partial<AuditEntry> = {}): AuditEntry => ({ id, at: at(), actor: CHEN, action: 'user_changed', object: 'u-1', facts: { role: 'lead' }, before: { role: 'viewer' }, after: { role: 'lead' }, ip: '10.0.0.9', request_id: 'r-1', room_id: null, seq: null, number: 7, hash: 'ab12', sealed_at: at(1), ...change })
const whole: AuditState = { head: '8:ab12', sealed_at: at(), unsealed: 0, unsealed_seconds: 0, chain_ok: true, broken: null, checked_at: at() }

async function open(state: AuditState, entries: AuditEntry[]) {
  const rest = vi.fn(async (path: string) => (path.startsWith('/api/audit/state') ? state : { entries, cursor: null }))
  await draw(
    <QueryClientProvider client={new QueryClient()}>
      <RestContext value={rest as unknown as Rest}>
        <AuditPage />
      </RestContext>
    </QueryClientProvider>,
  )
  return rest
}

it('days include both ends, in the zone of the device', () => {
  const day = asQuery({ ...NOTHING, from: '2026-11-24', to: '2026-11-24' }, null)
  expect(Date.parse(day.to!) - Date.parse(day.from!)).toBe(24 * 3600 * 1000)
  expect(asQuery(NOTHING, 'next')).toEqual({ cursor: 'next' })
})

it('says who changed what, before and after', async () => {
  await open(whole, [entry('a'), entry('b', { actor: null, action: 'strange_thing' })])
  expect(await screen.findByText('紀錄完整，沒有被改動過')).toBeVisible()
  await userEvent.click(screen.getByText('修改使用者'))
  expect(screen.getAllByText('viewer')[0]).toBeVisible()
  expect(screen.getAllByText('strange_thing')[0]).toBeInTheDocument()
})

it('asks for what was typed when the hand rests', async () => {
  const rest = await open(whole, [entry('a')])
  fireEvent.change(await screen.findByLabelText('內容'), { target: { value: '王大明' } })
  await waitFor(() => expect(rest).toHaveBeenCalledWith(`/api/audit?text=${encodeURIComponent('王大明')}`))
})

it('a chain that does not fit is an alarm', async () => {
  await open({ ...whole, chain_ok: false, broken: 'row 41' }, [])
  expect(await screen.findByRole('alert')).toHaveTextContent('row 41')
})
