import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { type Rest, RestContext } from '../../lib/rest'
import { draw } from '../../test/page'
import { at, CHEN, LIN } from '../../test/samples'
import type { Me, Team, TeamCan, TeamDetail } from '../../wire'
import { TeamsPage } from './TeamsPage'

const ALL: TeamCan = { edit: true, members: true }
const team = (change: Partial<Team> = {}): Team => ({ id: 't-1', key: 'night', name: '夜班', lines: ['SMT-1'], members: 2, created_at: at(), archived_at: null, can: ALL, ...change })

/** A hub with one team; what it is asked to change it keeps. */
async function open(role: Me['role'], can: TeamCan = ALL) {
  const detail: TeamDetail = { team: team({ can }), people: [{ user: CHEN, lead: false, sources: ['directory'] }, { user: LIN, lead: true, sources: ['hand'] }] }
  const rest = vi.fn(async (path: string, call?: { method?: string; body?: unknown }) => {
    if (call?.method === 'PATCH') detail.team = { ...detail.team, archived_at: (call.body as { archived?: boolean }).archived ? at() : null }
    if (call?.method === 'DELETE') detail.people = detail.people.filter((it) => !path.endsWith(it.user.id))
    if (path.startsWith('/api/users')) return [CHEN, LIN]
    return path.split('?')[0] === '/api/teams' && !call ? [detail.team].filter((it) => path.includes('archived') || !it.archived_at) : { ...detail }
  })
  await draw(
    <QueryClientProvider client={new QueryClient()}>
      <RestContext value={rest as unknown as Rest}>
        <TeamsPage me={{ ...LIN, role } as Me} />
      </RestContext>
    </QueryClientProvider>,
  )
  await userEvent.click(await screen.findByRole('button', { name: '夜班' }))
  return { rest, dialog: await screen.findByRole('dialog') }
}

it('tells who is in by hand and who by a group, and takes out only the former', async () => {
  const { rest, dialog } = await open('admin')
  const chen = await within(dialog).findByRole('row', { name: /陳柏宇/ })
  expect(chen).toHaveTextContent('目錄群組')
  expect(within(chen).queryByRole('button')).toBeNull()
  expect(within(dialog).getByRole('checkbox', { name: '林雅婷 是班長' })).toBeChecked()
  await userEvent.click(within(dialog).getByRole('button', { name: '移出 林雅婷' }))
  await waitFor(() => expect(within(dialog).queryByText('林雅婷')).toBeNull())
  expect(rest).toHaveBeenCalledWith('/api/teams/t-1/members/u-lin', { method: 'DELETE' })
})

it('puts somebody in, a group’s member by hand too', async () => {
  const { rest } = await open('admin')
  await userEvent.click(await screen.findByRole('button', { name: '加入成員' }))
  await userEvent.click(screen.getByRole('combobox', { name: '加入誰' }))
  expect(screen.queryByRole('option', { name: '林雅婷' })).toBeNull()
  await userEvent.click(await screen.findByRole('option', { name: '陳柏宇' }))
  await userEvent.click(screen.getByRole('button', { name: '新增' }))
  await waitFor(() => expect(rest).toHaveBeenCalledWith('/api/teams/t-1/members/u-chen', { method: 'PUT', body: { lead: false } }))
})

it('archives a team, which then stands among the archived', async () => {
  const { rest } = await open('admin')
  await userEvent.click(await screen.findByRole('button', { name: '封存班組' }))
  await waitFor(() => expect(rest).toHaveBeenCalledWith('/api/teams/t-1', { method: 'PATCH', body: { archived: true } }))
  expect(await screen.findByText(/還沒有班組/)).toBeVisible()
  await userEvent.click(screen.getByRole('checkbox', { name: '也顯示已封存' }))
  expect(await screen.findByText('已封存')).toBeVisible()
})

it('shows a responder no dead button', async () => {
  const { dialog } = await open('responder', { edit: false, members: false })
  expect(await within(dialog).findByText('林雅婷')).toBeVisible()
  expect(within(dialog).queryByRole('button', { name: /加入|移出|封存|儲存/ })).toBeNull()
  expect(within(dialog).queryByRole('checkbox')).toBeNull()
  expect(screen.queryByRole('button', { name: '新增班組', hidden: true })).toBeNull()
})
