import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { Problem } from '../../lib/problem'
import { draw } from '../../test/page'
import { at, CHEN, LIN, row } from '../../test/samples'
import { NowPage } from './NowPage'

const NONE = { live: [], watch: [], closed: [] }
const said = { seq: 3, type: 'text' as const, sender: LIN, preview: '進板已停', at: at(9), metadata: {} }
const alone = row({ id: '1', machine: 'CV-12', severity: 'high' }, { unread: 5 })
const taken = row({ id: '2', status: 'on_site', owner: CHEN, on_site_at: at(60) }, { last_message: said })
const watched = row({ id: '3', status: 'restored', restored_at: at(19 * 60), owner: CHEN })

const page = (more: Partial<Parameters<typeof NowPage>[0]> = {}) => (
  <NowPage sections={{ live: [alone, taken], watch: [watched], closed: [] }} act={vi.fn()} loading={false} problem={null} retry={vi.fn()} {...more} />
)

it('a row says what, the last word, how far it is, who has it and what I have not read', async () => {
  await draw(page())
  const [first, second] = within(screen.getByRole('region', { name: '進行中' })).getAllByRole('listitem')
  expect(first).toHaveTextContent('CV-12 第 5 溫區超溫')
  expect(within(first as HTMLElement).getByRole('img', { name: '高' })).toBeVisible()
  expect(within(first as HTMLElement).getByLabelText('5 則未讀')).toHaveTextContent('5')
  expect(second).toHaveTextContent('林雅婷：進板已停')
  expect(second).toHaveTextContent('陳柏宇')
  expect(screen.getByRole('region', { name: '觀察中' })).toHaveTextContent('停 19 分')
})

it('what nobody has can be taken from the list, with one tap', async () => {
  const act = vi.fn()
  await draw(page({ act }))
  await userEvent.click(screen.getByRole('button', { name: '我來處理' }))
  expect(act).toHaveBeenCalledExactlyOnceWith(alone.room, 'acknowledged')
})

it('who may not act, or is offline, sees no button', async () => {
  await draw(page({ act: null }))
  expect(screen.queryByRole('button', { name: '我來處理' })).toBeNull()
})

it('an empty plant says what will stand here; a calm one how long it has been running', async () => {
  const { unmount } = await draw(page({ sections: NONE }))
  expect(screen.getByText(/這裡會自己開出事件室/)).toBeVisible()
  unmount()
  await draw(page({ sections: { ...NONE, watch: [watched] } }))
  expect(screen.getByText('目前沒有進行中的事件')).toBeVisible()
})

it('when the list cannot be read it says so, with the code and a way on', async () => {
  const retry = vi.fn()
  await draw(page({ sections: NONE, problem: new Problem('db_unavailable', 503, ''), retry }))
  expect(screen.getByRole('alert')).toHaveTextContent('db_unavailable')
  await userEvent.click(screen.getByRole('button', { name: '重試' }))
  expect(retry).toHaveBeenCalledOnce()
})

it('who is called sees it beside the unread; a last word that was deleted says so', async () => {
  const calls = row({ id: '7' }, { unread: 3, mentions: 2, last_message: { ...said, preview: '' } })
  await draw(page({ sections: { ...NONE, live: [calls] } }))
  expect(screen.getByLabelText('2 則提及我')).toHaveTextContent('@2')
  expect(screen.getByLabelText('3 則未讀')).toHaveTextContent('3')
  expect(screen.getByRole('listitem')).toHaveTextContent('訊息已刪除')
})
