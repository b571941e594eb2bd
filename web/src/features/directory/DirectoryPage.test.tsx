import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { type Rest, RestContext } from '../../lib/rest'
import { draw } from '../../test/page'
import { at } from '../../test/samples'
import type { DirectoryStatus, GroupMapping } from '../../wire'
import { DirectoryPage } from './DirectoryPage'

const FINE: DirectoryStatus = { configured: true, looked_at: at(60), succeeded_at: at(60), held: 0, fault: null, controllers: [{ url: 'ldaps://dc2.fab.example', late: false }, { url: 'ldaps://dc1.fab.example', late: true }] }
const OURS: GroupMapping = { id: 'm-1', group: 'Line3-Maint', role: 'responder', team_id: 't-1', team_key: 'maint', source: 'hand', can_delete: true }
const SETTINGS: GroupMapping = { id: null, group: 'Andon-Admins', role: 'admin', team_id: null, team_key: null, source: 'settings', can_delete: false }

async function open(status: Partial<DirectoryStatus> = {}) {
  let mappings = [SETTINGS, OURS]
  const rest = vi.fn(async (path: string, call?: { method?: string }) => {
    if (call?.method === 'DELETE') mappings = [SETTINGS]
    if (path === '/api/directory') return { ...FINE, ...status }
    return path === '/api/teams' ? [{ id: 't-1', key: 'maint', name: '保養班', lines: [] }] : mappings
  })
  await draw(
    <QueryClientProvider client={new QueryClient()}>
      <RestContext value={rest as unknown as Rest}>
        <DirectoryPage />
      </RestContext>
    </QueryClientProvider>,
  )
  return rest
}

it('tells in which order controllers are asked, and which one is silent', async () => {
  await open()
  expect(await screen.findByText('目錄正常')).toBeVisible()
  const [first, second] = screen.getAllByRole('listitem')
  expect(first).toHaveTextContent(/^ldaps:\/\/dc2.fab.example$/)
  expect(second).toHaveTextContent('剛才沒有回應')
})

it.each([
  ['the safety valve', { held: 40, fault: null }, /安全閥擋下 40 人/],
  ['a directory that is away', { fault: 'directory_unavailable' }, /目錄沒有回應/],
  ['another fault, by its code', { fault: 'db_unavailable' }, /db_unavailable/],
])('%s is an alarm', async (_, status, text) => {
  await open(status)
  expect(await screen.findByRole('alert')).toHaveTextContent(text)
})

it('removes a mapping of ours, and never one of the settings', async () => {
  const rest = await open()
  expect(await screen.findByRole('row', { name: /Line3-Maint 處理人員 保養班 在這裡新增/ })).toBeVisible()
  expect(screen.queryByRole('button', { name: '移除 Andon-Admins' })).toBeNull()
  await userEvent.click(screen.getByRole('button', { name: '移除 Line3-Maint' }))
  await waitFor(() => expect(screen.queryByText('Line3-Maint')).toBeNull())
  expect(rest).toHaveBeenCalledWith('/api/directory/mappings/m-1', { method: 'DELETE' })
})

it('asks for a group, and for a role or a team', async () => {
  const rest = await open({ configured: false })
  expect(await screen.findByText(/沒有連接公司目錄/)).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: '新增對應' }))
  await userEvent.type(screen.getByRole('textbox', { name: '群組' }), 'Night-Shift')
  await userEvent.click(screen.getByRole('button', { name: '新增' }))
  expect(screen.getByRole('alert')).toHaveTextContent('至少選一個角色或班組')
  await userEvent.selectOptions(screen.getByRole('combobox', { name: '班組' }), '保養班')
  await userEvent.click(screen.getByRole('button', { name: '新增' }))
  await waitFor(() => expect(rest).toHaveBeenCalledWith('/api/directory/mappings', { method: 'POST', body: { group: 'Night-Shift', role: null, team_id: 't-1' } }))
})
