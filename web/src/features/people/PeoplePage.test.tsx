import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { Problem } from '../../lib/problem'
import { type Rest, RestContext } from '../../lib/rest'
import { draw } from '../../test/page'
import { at } from '../../test/samples'
import type { UserView } from '../../wire'
import { PeoplePage } from './PeoplePage'

const ALL = { rename: true, change_role: true, disable: true, enable: false, reset_password: true, end_sessions: true, tokens: false }
const user = (change: Partial<UserView> = {}): UserView => ({ id: 'u1', username: 'a10427', name: '王大明', kind: 'person', role: 'responder', language: null, source: 'local', kiosk: false, break_glass: false, must_change_password: false, created_at: at(), disabled_at: null, waits_until: null, sessions: 1, can: ALL, ...change })

/** A hub with one account; remembers what it was told. */
async function open(one: UserView) {
  let now = one
  const told: string[] = []
  const rest = async (path: string, call: { method?: string; body?: unknown } = {}) => {
    if (call.method) told.push(`${call.method} ${path} ${JSON.stringify(call.body ?? null)}`)
    if (call.method === 'PATCH') {
      const { disabled, role } = call.body as { disabled?: boolean; role?: UserView['role'] }
      if (role === 'admin') throw new Problem('forbidden', 403, 'no')
      now = { ...now, disabled_at: disabled ? at() : null, can: { ...now.can, disable: !disabled, enable: Boolean(disabled) } }
    }
    if (path === '/api/users' && call.method === 'POST') return { user: user({ id: 'u2', name: '李新人' }), password: 'orange-tiger-42' }
    if (path.endsWith('/sessions') || path.endsWith('/tokens')) return []
    return path.startsWith('/api/users?') ? [now] : now
  }
  await draw(
    <QueryClientProvider client={new QueryClient()}>
      <RestContext value={rest as unknown as Rest}>
        <PeoplePage />
        <Notifications />
      </RestContext>
    </QueryClientProvider>,
  )
  await userEvent.click(await screen.findByRole('button', { name: '王大明' }))
  return { told, dialog: await screen.findByRole('dialog') }
}

it('disables an account and offers the way back', async () => {
  const { told, dialog } = await open(user())
  await userEvent.click(await within(dialog).findByRole('button', { name: '停用' }))
  expect(await within(dialog).findByRole('button', { name: '啟用' })).toBeVisible()
  expect(told).toEqual(['PATCH /api/users/u1 {"disabled":true}'])
})

it('shows no button for what may not be done', async () => {
  const { dialog } = await open(user({ can: { ...ALL, disable: false, reset_password: false, rename: false }, source: 'directory' }))
  expect(await within(dialog).findByLabelText('姓名')).toBeDisabled()
  expect(within(dialog).queryByRole('button', { name: '停用' })).toBeNull()
  expect(within(dialog).queryByRole('button', { name: '重設密碼' })).toBeNull()
})

it('says why the hub refused', async () => {
  const { dialog } = await open(user())
  await userEvent.selectOptions(await within(dialog).findByLabelText('角色'), 'admin')
  expect(await screen.findByText(/沒有完成/)).toBeVisible()
})

it('tells the temporary password of a new account once', async () => {
  const { told, dialog } = await open(user())
  await userEvent.keyboard('{Escape}')
  await waitFor(() => expect(dialog).not.toBeInTheDocument())
  await userEvent.click(screen.getByRole('button', { name: '新增帳號' }))
  await userEvent.click(await screen.findByRole('button', { name: '新增' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('請填姓名與帳號')
  await userEvent.type(screen.getByRole('textbox', { name: '姓名' }), '李新人')
  await userEvent.type(screen.getByRole('textbox', { name: '帳號' }), 'a20001')
  await userEvent.click(screen.getByRole('button', { name: '新增' }))
  expect(await screen.findByText('orange-tiger-42')).toBeVisible()
  expect(told.at(-1)).toContain('"username":"a20001"')
})
