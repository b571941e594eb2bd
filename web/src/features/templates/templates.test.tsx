import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import i18next from 'i18next'
import { expect, it, vi } from 'vitest'
import { Problem } from '../../lib/problem'
import { type Rest, RestContext } from '../../lib/rest'
import { draw } from '../../test/page'
import { at, CHEN, LIN } from '../../test/samples'
import type { Me, RoomTemplate, TemplatePreview, TemplateVersion, TemplateView } from '../../wire'
import { changesOf, differing, draftOf, lacks, written } from './draft'
import { reasonIn, reasonNot } from './reasons'
import { TemplatesPage } from './TemplatesPage'

const t = i18next.t
const OVEN: RoomTemplate = { name: '爐溫', match: { lines: ['SMT-1'], severities: ['critical', 'high'] }, name_pattern: '{machine}', members: [{ by: 'on_shift' }], checklist: [{ text: { 'zh-TW': '清爐' }, due_minutes: 5 }] }
const view = (change: Partial<TemplateView> = {}): TemplateView => ({ id: 'p-1', version: 3, template: OVEN, edited_at: at(), edited_by: LIN, archived_at: null, can_change: true, ...change })
const PREVIEW: TemplatePreview = {
  facts: {}, shifts: ['N'], matches: true, name: 'RO-03', winner: 'p-9', winner_name: '安全停機', warnings: [],
  why: [{ code: 'line', params: { value: 'SMT-1', wanted: 'SMT-1' } }], why_not: [], winner_why: [{ code: 'category', params: { value: 'safety', wanted: 'safety' } }],
  members: [{ person: CHEN, room_role: 'lead', why: [{ code: 'on_shift', params: { shift: 'N', team: 'night' } }] }],
  checklist: [{ item: { text: { 'zh-TW': '通知環安' } }, wanted: false, why: [{ code: 'severity', params: { value: 'high', wanted: 'critical' } }], due_at: null }],
  welcome: { 'zh-TW': 'RO-03 超溫' },
}

/** A hub with one template; `answer` may take a call before it does. */
async function open(role: Me['role'], mine: TemplateView = view(), answer: (path: string, call: { method?: string; body?: unknown; version?: number }) => unknown = () => undefined) {
  const rest = vi.fn(async (path: string, call: { method?: string; body?: unknown; version?: number } = {}) => {
    const own = answer(path, call)
    if (own !== undefined) return own
    if (path.startsWith('/api/rooms')) return { rooms: [], changed: '' }
    if (path.endsWith('/preview')) return PREVIEW
    if (path.endsWith('/versions')) return [{ version: 3, change: 'changed', template: OVEN, edited_at: at(), edited_by: LIN }]
    if (path.startsWith('/api/templates/')) return mine
    return path.startsWith('/api/templates') ? { templates: [mine], can_add: mine.can_change } : []
  })
  await draw(
    <QueryClientProvider client={new QueryClient()}>
      <RestContext value={rest as unknown as Rest}>
        <TemplatesPage me={{ ...LIN, role } as Me} />
      </RestContext>
    </QueryClientProvider>,
  )
  return rest
}

const enter = async () => {
  await userEvent.click(await screen.findByRole('button', { name: '爐溫' }))
  return screen.findByRole('heading', { level: 1, name: '爐溫' })
}

it('leaves blank rows out, and tells what is half filled in', () => {
  const draft = draftOf({ ...OVEN, checklist: [{ text: { en: ' ' } }, ...OVEN.checklist!], runbooks: [{ title: {}, url: '' }], match: { ...OVEN.match, codes: [] } })
  expect(written(draft)).toMatchObject({ checklist: OVEN.checklist, runbooks: [] })
  expect(written(draft).match).toEqual(OVEN.match)
  expect(differing(draft, OVEN)).toEqual([])
  expect(lacks(draft)).toBeNull()
  expect(lacks({ ...draft, checklist: [{ text: {}, due_minutes: 5 }] })).toBe('needText')
  expect(lacks({ ...draft, runbooks: [{ title: { en: 'x' }, url: '' }] })).toBe('needBook')
})

it('tells what each version changed', () => {
  const version = (number: number, template: RoomTemplate): TemplateVersion => ({ version: number, change: 'changed', template, edited_at: at(), edited_by: null })
  expect(changesOf([version(2, { ...OVEN, priority: 5 }), version(1, { name_pattern: '{machine}', ...OVEN })]).map((it) => it.fields)).toEqual([['priority'], []])
})

it('puts reasons into words of both languages', async () => {
  const severity = { code: 'severity', params: { value: 'high', wanted: 'critical, low' } }
  expect(reasonIn(severity, t)).toBe('嚴重度是 高')
  expect(reasonNot(severity, t)).toBe('嚴重度是 高，要 緊急 或 低')
  expect(reasonNot({ code: 'code', params: { value: '', wanted: 'F17' } }, t)).toBe('沒有代碼，要 F17')
  await i18next.changeLanguage('en')
  expect(reasonNot(severity, t)).toBe('Severity is High, not Critical or Low')
  expect(reasonIn({ code: 'team_unknown', params: { name: 'night', field: 'members[0].team' } }, t)).toContain('no team with the key night')
  await i18next.changeLanguage('zh-TW')
})

it('lists templates in their order with what they are for, and previews what one would do', async () => {
  const rest = await open('lead')
  expect(await screen.findByText('產線 SMT-1')).toBeVisible()
  expect(screen.getByText('嚴重度 緊急 或 高')).toBeVisible()
  await enter()
  const preview = screen.getByRole('region', { name: '預覽' })
  expect(await within(preview).findByText('符合，但會用別的')).toBeVisible()
  expect(within(preview).getByText('會用「安全停機」：類別是 安全')).toBeVisible()
  expect(within(preview).getByText('當班（N，night）')).toBeVisible()
  expect(within(preview).getByText('不列入：嚴重度是 高，要 緊急')).toBeVisible()
  fireEvent.change(screen.getByRole('textbox', { name: '事件室名稱' }), { target: { value: '{code}' } })
  await waitFor(() => expect(rest).toHaveBeenCalledWith('/api/templates/preview', { method: 'POST', body: expect.objectContaining({ template_id: 'p-1', template: expect.objectContaining({ name_pattern: '{code}' }) }) }))
})

it('says who saved first, and saves over it only when told to', async () => {
  let newest = 3
  const rest = await open('admin', view(), (path, { method, version }) => {
    if (path !== '/api/templates/p-1') return undefined
    if (method === 'PUT' && version !== newest) throw new Problem('edit_conflict', 412, '')
    return view({ version: newest, edited_by: CHEN, template: { ...OVEN, priority: newest === 3 ? 0 : 9 } })
  })
  await enter()
  fireEvent.change(screen.getByRole('textbox', { name: '名稱' }), { target: { value: '爐溫二' } })
  newest = 4
  await userEvent.click(screen.getByRole('button', { name: '儲存' }))
  expect(await screen.findByText(/陳柏宇 在 .* 先存了第 4 版，你的修改還沒有存/)).toBeVisible()
  expect(screen.getByText('和你的不同：名稱、優先順序')).toBeVisible()
  expect(screen.getByRole('textbox', { name: '名稱' })).toHaveValue('爐溫二')
  await userEvent.click(screen.getByRole('button', { name: '用我的蓋過去' }))
  await waitFor(() => expect(rest).toHaveBeenCalledWith('/api/templates/p-1', expect.objectContaining({ method: 'PUT', version: 4, body: expect.objectContaining({ name: '爐溫二' }) })))
})

it('shows what an import would do before it does it', async () => {
  const rest = await open('admin', view(), (path) => (path.endsWith('/import') ? [{ name: '爐溫', outcome: 'changed', fields: ['match'], warnings: [] }] : undefined))
  await userEvent.click(await screen.findByRole('button', { name: '匯入' }))
  fireEvent.change(screen.getByRole('textbox', { name: /內容/ }), { target: { value: 'templates: []' } })
  expect(screen.queryByRole('button', { name: /匯入 1 個/ })).toBeNull()
  await userEvent.click(screen.getByRole('button', { name: '看看會做什麼' }))
  expect(await screen.findByRole('row', { name: /爐溫 修改 條件/ })).toBeVisible()
  expect(rest).toHaveBeenLastCalledWith('/api/templates/import', { method: 'POST', body: { content: 'templates: []', dry_run: true } })
  await userEvent.click(screen.getByRole('button', { name: '匯入 1 個' }))
  await waitFor(() => expect(rest).toHaveBeenCalledWith('/api/templates/import', { method: 'POST', body: { content: 'templates: []', dry_run: false } }))
})

it('lets a responder read, with nothing to press', async () => {
  await open('responder', view({ can_change: false }))
  expect(await screen.findByRole('button', { name: '爐溫' })).toBeVisible()
  expect(screen.queryByRole('button', { name: /新增|匯入/ })).toBeNull()
  await enter()
  expect(screen.getByRole('textbox', { name: '名稱' })).toBeDisabled()
  expect(screen.queryByRole('button', { name: /儲存|封存|還原|新增|移除|緊急|代碼/ })).toBeNull()
  expect(screen.queryByRole('region', { name: '預覽' })).toBeNull()
})
