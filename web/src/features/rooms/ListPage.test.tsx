import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { drawWithRest } from '../../test/rest'
import { CHEN, row } from '../../test/samples'
import { ListPage, type ListProps } from './ListPage'
import { queryFor, readWanted } from './wanted'

async function open(change: Partial<ListProps> = {}) {
  const props: ListProps = {
    wanted: {},
    ask: vi.fn(),
    facets: { status: { open: 2, closed: 7 }, severity: { critical: 9 }, line: { 'SMT-3': 9, '': 1 } },
    teams: [],
    views: [],
    keep: vi.fn(async () => undefined),
    drop: vi.fn(),
    rows: [row(), row({ id: '2', code: 'INC-000143', status: 'closed', owner: CHEN, machine: 'PR-11' })],
    total: 9,
    more: null,
    loading: false,
    problem: null,
    retry: vi.fn(),
    act: vi.fn(),
    phone: false,
    ...change,
  }
  await drawWithRest(<ListPage {...props} />)
  return props
}

describe('the list of incidents', () => {
  it('chips say how many they would bring, and narrow or widen it', async () => {
    const { ask } = await open({ wanted: { status: ['closed'], line: 'SMT-3' } })
    expect(screen.getByText('9 件')).toBeVisible()
    expect(screen.getByRole('button', { name: /已結案 ?7/ })).toHaveAttribute('aria-pressed', 'true')
    await userEvent.click(screen.getByRole('button', { name: /待接手 ?2/ }))
    expect(ask).toHaveBeenLastCalledWith({ status: ['closed', 'open'], line: 'SMT-3' })
    await userEvent.click(screen.getByRole('button', { name: '我的' }))
    expect(ask).toHaveBeenLastCalledWith({ status: ['closed'], line: 'SMT-3', mine: true })
    await userEvent.click(screen.getByRole('button', { name: '清除條件' }))
    expect(ask).toHaveBeenLastCalledWith({})
  })

  it('a place one came by can be taken away; what nobody has is taken here', async () => {
    const { ask, act, rows } = await open({ wanted: { site: '竹北廠', sort: 'activity' } })
    await userEvent.click(screen.getByRole('button', { name: '移除條件：竹北廠' }))
    expect(ask).toHaveBeenLastCalledWith({ site: null, sort: 'activity' })
    await userEvent.click(screen.getByRole('button', { name: '我來處理' }))
    expect(act).toHaveBeenCalledWith(rows?.[0]?.room, 'acknowledged')
  })

  it('words are asked for once one stops typing', async () => {
    const { ask } = await open()
    await userEvent.type(screen.getByRole('searchbox', { name: '找事件' }), '超溫')
    await vi.waitFor(() => expect(ask).toHaveBeenCalledExactlyOnceWith({ q: '超溫' }))
  })

  it('views are kept by name, chosen and dropped', async () => {
    const mine = { id: 'v1', name: '我這條線', filters: { line: 'SMT-3', status: [] } }
    const { ask, keep, drop } = await open({ views: [mine] })
    const menu = () => userEvent.click(screen.getByRole('button', { name: '常用檢視' }))
    await menu()
    await userEvent.click(await screen.findByRole('menuitem', { name: '我這條線' }))
    expect(ask).toHaveBeenLastCalledWith({ line: 'SMT-3' })
    await menu()
    await userEvent.click(await screen.findByRole('menuitem', { name: '刪除檢視 我這條線' }))
    expect(drop).toHaveBeenCalledWith(mine)
    await menu()
    await userEvent.click(await screen.findByRole('menuitem', { name: '存成檢視' }))
    const dialog = await screen.findByRole('dialog', { name: '存成檢視' })
    await userEvent.type(within(dialog).getByRole('textbox', { name: /名稱/ }), '夜班')
    await userEvent.click(within(dialog).getByRole('button', { name: '儲存' }))
    expect(keep).toHaveBeenCalledWith('夜班')
  })

  it('nothing found says so; the next page waits for a tap', async () => {
    await open({ rows: [], total: 0 })
    expect(screen.getByText('沒有符合的事件')).toBeVisible()
  })
})

it('an address asks only for what the list can show', () => {
  const wanted = readWanted({ status: 'open', severity: ['high', 'x'], team: 'nobody', mine: true, archived: 'no', line: ' SMT-3 ', q: 7, sort: 'newest', machine: 3 })
  expect(wanted).toEqual({ status: ['open'], severity: ['high'], mine: true, line: 'SMT-3', q: '7', machine: '3' })
  expect(queryFor(wanted)).toEqual({ status: ['open'], severity: ['high'], mine: 'true', line: 'SMT-3', q: '7', machine: '3' })
})
