import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { type Rest, RestContext } from '../../lib/rest'
import { draw } from '../../test/page'
import { at } from '../../test/samples'
import type { Me, SessionView } from '../../wire'
import { deviceOf } from './devices'
import { MyPage } from './MyPage'

const ME: Me = { id: 'u1', username: 'wang', name: '王大明', kind: 'person', role: 'responder', language: null }
const session = (id: string, current: boolean, user_agent: string): SessionView => ({ id, current, user_agent, ip: '10.0.0.7', created_at: at(), last_used_at: at(60), expires_at: at(9999) })
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0'
const PHONE = 'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36'

it('names a device by what its browser says', () => {
  expect(deviceOf(WINDOWS)).toBe('Edge · Windows')
  expect(deviceOf(PHONE)).toBe('Chrome · Android')
  expect(deviceOf('andon-kiosk/2')).toBe('andon-kiosk/2')
})

it('shows my devices and signs another one out, never this one', async () => {
  let rows = [session('s1', true, WINDOWS), session('s2', false, PHONE)]
  const rest = vi.fn(async (path: string, call?: { method?: string }) => {
    if (call?.method === 'DELETE') rows = rows.filter((it) => !path.endsWith(it.id))
    return rows
  })
  await draw(
    <QueryClientProvider client={new QueryClient()}>
      <RestContext value={rest as unknown as Rest}>
        <MyPage me={ME} />
      </RestContext>
    </QueryClientProvider>,
  )
  const mine = (await screen.findByText('Edge · Windows')).closest('tr')!
  expect(within(mine).queryByRole('button')).toBeNull()
  const phone = screen.getByText('Chrome · Android').closest('tr')!
  await userEvent.click(within(phone).getByRole('button', { name: '登出' }))
  expect(rest).toHaveBeenCalledWith('/api/auth/sessions/s2', { method: 'DELETE' })
  await waitFor(() => expect(screen.queryByText('Chrome · Android')).toBeNull())
})
