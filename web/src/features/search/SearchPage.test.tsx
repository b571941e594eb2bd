import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createEvent, fireEvent, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { Problem } from '../../lib/problem'
import { draw } from '../../test/page'
import { CHEN, LIN, message, room } from '../../test/samples'
import type { SearchHit, SearchPage as Page } from '../../wire'
import { type Asked, remember } from './asked'
import { SearchPage } from './SearchPage'

const hit = (seq: number, before: string, found: string, after: string, change: Partial<SearchHit> = {}): SearchHit => ({
  message: message(seq, { sender: LIN }),
  room: room(),
  snippet: [{ text: before }, { text: found, hit: true }, { text: after }],
  ...change,
})
const PAGE: Page = {
  hits: [
    hit(7, '主軸', '超溫', '，我去看'),
    hit(4, '', '超溫', '兩次', { room: room({ id: 'other', machine: 'CNC-11', fault: {}, title: '光柵' }), message: message(4, { room_id: 'other', type: 'incident_data', sender: null }) }),
    hit(3, '又', '超溫', ''),
  ],
  next: null,
}

async function open(asked: Asked, search = vi.fn(async (_query: Record<string, string>): Promise<Page> => PAGE)) {
  const ask = vi.fn()
  const drawn = await draw(
    <QueryClientProvider client={new QueryClient()}>
      <SearchPage me={CHEN} asked={asked} ask={ask} search={search} here={{ id: 'r1', code: 'INC-000142' }} machines={['RO-03', 'CV-12']} />
    </QueryClientProvider>,
  )
  return { ...drawn, ask, search, field: screen.getByRole('searchbox', { name: '搜尋訊息' }) }
}

it('Enter searches and is remembered; the Enter that chooses a character is not', async () => {
  const { field, ask } = await open({})
  expect(field).toHaveFocus()
  fireEvent.change(field, { target: { value: '超溫' } })
  fireEvent.keyDown(field, { key: 'Enter', keyCode: 13, isComposing: true })
  fireEvent.keyDown(field, { key: 'Enter', keyCode: 229 })
  const end = createEvent.compositionEnd(field, { data: '溫' })
  Object.defineProperty(end, 'timeStamp', { value: 5000 })
  fireEvent(field, end)
  const same = createEvent.keyDown(field, { key: 'Enter', keyCode: 13 })
  Object.defineProperty(same, 'timeStamp', { value: 5004 })
  fireEvent(field, same)
  expect(ask).not.toHaveBeenCalled()
  fireEvent.keyUp(field, { key: 'Enter' })
  fireEvent.keyDown(field, { key: 'Enter', keyCode: 13 })
  expect(ask).toHaveBeenCalledExactlyOnceWith({ q: '超溫' })
})

it('shows hits by room, marked in their sentence, each a way to its place in the talk', async () => {
  const { search } = await open({ q: '超溫', machine: 'RO-03' })
  const mine = await screen.findByRole('region', { name: 'RO-03 第 5 溫區超溫' })
  expect(search).toHaveBeenCalledExactlyOnceWith({ q: '超溫', machine: 'RO-03' })
  expect(within(mine).getAllByRole('link').map((it) => it.getAttribute('href'))).toEqual([`/rooms/${room().id}?at=7`, `/rooms/${room().id}?at=3`])
  expect(within(mine).getAllByRole('listitem')[0]).toHaveTextContent('林雅婷')
  expect(mine.querySelector('mark')).toHaveTextContent('超溫')
  expect(screen.getByRole('region', { name: 'CNC-11 光柵' })).toHaveTextContent('警報')
  expect(screen.getByText('找到 3 則')).toBeVisible()
})

it('arrows walk from the field through the hits and back, Enter opens', async () => {
  const { field, router } = await open({ q: '超溫' })
  const links = [...(await screen.findAllByRole('link'))]
  field.focus()
  await userEvent.keyboard('{ArrowDown}')
  expect(links[0]).toHaveFocus()
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}')
  expect(links[2]).toHaveFocus()
  await userEvent.keyboard('{ArrowUp}{ArrowUp}{ArrowUp}')
  expect(field).toHaveFocus()
  await userEvent.keyboard('{ArrowDown}{Enter}')
  expect(router.state.location.href).toBe(`/rooms/${room().id}?at=7`)
})

it('more is asked for with the cursor, and put below', async () => {
  const search = vi.fn(async (query: Record<string, string>): Promise<Page> => (query.cursor ? { hits: [hit(1, '', '超溫', '')], next: null } : { ...PAGE, next: 'c1' }))
  await open({ q: '超溫' }, search)
  await userEvent.click(await screen.findByRole('button', { name: '再找更早的' }))
  expect(await screen.findByText('找到 4 則')).toBeVisible()
  expect(search).toHaveBeenLastCalledWith({ q: '超溫', cursor: 'c1' })
  expect(screen.queryByRole('button', { name: '再找更早的' })).toBeNull()
})

it('searches the room one came from, and narrows by code and machine', async () => {
  const { ask } = await open({ q: '超溫' })
  await userEvent.click(screen.getByRole('radio', { name: '這一間：INC-000142' }))
  expect(ask).toHaveBeenLastCalledWith({ q: '超溫', room: 'r1' })
  await userEvent.click(screen.getByRole('button', { name: '篩選' }))
  await userEvent.type(screen.getByRole('textbox', { name: '代碼' }), 'ALM-1042{Enter}')
  expect(ask).toHaveBeenLastCalledWith({ q: '超溫', code: 'ALM-1042' })
  fireEvent.change(screen.getByLabelText('從'), { target: { value: '2026-11-24' } })
  expect(ask).toHaveBeenLastCalledWith({ q: '超溫', after: '2026-11-24' })
})

it('says what will stand here, or what was looked for before', async () => {
  const { unmount, search } = await open({})
  expect(screen.getByText('找訊息裡的字、警報代碼、檔名')).toBeVisible()
  expect(search).not.toHaveBeenCalled()
  unmount()
  remember(CHEN.id, '光柵')
  const { ask } = await open({})
  await userEvent.click(screen.getByRole('button', { name: '光柵' }))
  expect(ask).toHaveBeenCalledExactlyOnceWith({ q: '光柵' })
})

it('nothing found, and a search that failed, each have a way on', async () => {
  const { unmount } = await open({ q: '錫膏' }, vi.fn(async () => ({ hits: [], next: null })))
  expect(await screen.findByText('沒有找到「錫膏」')).toBeVisible()
  unmount()
  const short = vi.fn(async (): Promise<Page> => {
    throw new Problem('query_short', 422, '')
  })
  await open({ q: 'a' }, short)
  expect(await screen.findByRole('alert')).toHaveTextContent('至少兩個字母，或一個中文字')
})
