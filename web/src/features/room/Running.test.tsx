import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { Problem } from '../../lib/problem'
import { drawWithRest } from '../../test/rest'
import { ME, view } from '../../test/room'
import { at, CHEN, LIN, room, ROOM, snapshot } from '../../test/samples'
import type { Closing, Me, Member, Room, Snapshot } from '../../wire'
import type { RoomView } from './context'
import { lacking } from './ClosingDialog'
import { placesOf } from './Crumbs'
import { RoomPage } from './RoomPage'

const WANG = { id: 'u-wang', name: '王志明', kind: 'person' as const }
const member = (user: Member['user'], role: Member['role'], until: string | null = null): Member => ({ user, role, from_seq: 1, until })

interface Scene {
  facts?: Partial<Room>
  members?: Member[]
  state?: Partial<Snapshot>
  change?: Partial<RoomView>
  me?: Me
  answer?: Parameters<typeof drawWithRest>[1]
}

/** A room page of mine, with its panel where it is asked for. */
async function open({ facts, members = [member(CHEN, 'owner'), member(LIN, 'responder')], state, change, me = ME, answer }: Scene = {}, tab?: string) {
  const reader = { user_id: me.id, role: me.role, kind: me.kind, lines: null }
  const it1 = view({ me, snapshot: snapshot({ room: room(facts), members, reader, ...state }), ...change })
  const { told } = await drawWithRest(<RoomPage view={it1} />, answer)
  if (!tab) return { it1, told }
  await userEvent.click(screen.getByRole('button', { name: '事件卡' }))
  await userEvent.click(await screen.findByRole('tab', { name: new RegExp(tab) }))
  return { it1, told }
}

const menu = async (button: string, item: string) => {
  await userEvent.click(screen.getByRole('button', { name: button }))
  await userEvent.click(await screen.findByRole('menuitem', { name: item }))
  return screen.findByRole('dialog', { name: (name) => name !== 'INC-000142' && name !== '' })
}

it('a lower severity asks for the reason, a higher one does not', async () => {
  const { told } = await open({ facts: { severity: 'high' } })
  const dialog = await menu('更多', '調整嚴重度')
  await userEvent.click(within(dialog).getByRole('radio', { name: /低/ }))
  await userEvent.click(within(dialog).getByRole('button', { name: '儲存' }))
  expect(within(dialog).getByRole('alert')).toHaveTextContent('調低要寫原因')
  await userEvent.type(within(dialog).getByRole('textbox', { name: /原因/ }), '只是一片')
  await userEvent.click(within(dialog).getByRole('button', { name: '儲存' }))
  expect(told).toEqual([`PATCH /rooms/${ROOM} {"severity":"low","reason":"只是一片"}`])
})

it('who only responds raises it, and is offered nothing that is refused', async () => {
  await open({ facts: { severity: 'high' }, members: [member(CHEN, 'responder'), member(LIN, 'owner')] })
  const dialog = await menu('更多', '調整嚴重度')
  expect(within(dialog).getAllByRole('radio').map((it) => it.textContent)).toEqual(['1緊急', '2高目前'])
  await userEvent.keyboard('{Escape}')
  await userEvent.click(screen.getByRole('button', { name: '更多' }))
  await screen.findByRole('menu')
  expect(screen.queryByRole('menuitem', { name: '併入其他事件' })).toBeNull()
})

it('what I have in hand can be given back; a false alarm asks first', async () => {
  const { it1 } = await open({ facts: { status: 'acknowledged', owner: CHEN } })
  await userEvent.click(screen.getByRole('button', { name: '更多' }))
  await userEvent.click(await screen.findByRole('menuitem', { name: '放回待接手' }))
  expect(it1.act).toHaveBeenLastCalledWith(it1.snapshot.room, 'open')
  const dialog = await menu('更多', '誤報')
  expect(it1.act).toHaveBeenCalledOnce()
  await userEvent.type(within(dialog).getByRole('textbox', { name: /原因/ }), '測試')
  await userEvent.click(within(dialog).getByRole('button', { name: '誤報' }))
  expect(it1.act).toHaveBeenLastCalledWith(it1.snapshot.room, 'false_alarm', { reason: '測試' })
})

it('the rail says how often it came back', async () => {
  await open({ facts: { reopened: 2 } })
  expect(screen.getByRole('img', { name: '重開 2 次' })).toHaveTextContent('↺2')
})

it('closing asks for what the room must say, the lost minutes filled in', async () => {
  const closing: Closing = { form: {}, required: ['cause', 'countermeasures'], missing: ['cause', 'countermeasures'], proposed_minutes: 13 }
  const { it1 } = await open({ facts: { status: 'restored', restored_at: at(600) }, change: { closing: async () => closing } })
  await userEvent.click(screen.getByRole('button', { name: '結案' }))
  const dialog = await screen.findByRole('dialog', { name: '結案前請填寫' })
  await userEvent.click(within(dialog).getByRole('button', { name: '結案' }))
  expect(within(dialog).getByRole('alert')).toHaveTextContent('還沒填：原因（4M）、對策')
  await userEvent.click(within(dialog).getByRole('radio', { name: '機' }))
  await userEvent.type(within(dialog).getByRole('textbox', { name: /對策/ }), '換加熱器')
  await userEvent.click(within(dialog).getByRole('button', { name: '結案' }))
  expect(it1.act).toHaveBeenCalledExactlyOnceWith(it1.snapshot.room, 'closed', { closing: { cause: 'machine', countermeasures: '換加熱器', lost_minutes: 13 } })
  expect(lacking(['lost_minutes'], { lost_minutes: 0 })).toEqual([])
})

it('the checklist: what is late is marked, and is checked, skipped and added', async () => {
  const items = [
    { id: 'i1', text: { 'zh-TW': '掛牌上鎖' }, state: 'open' as const, assignee: LIN, due_at: at(-60) },
    { id: 'i2', text: { 'zh-TW': '通知環安' }, state: 'done' as const, by: CHEN, at: at(5) },
  ]
  const { told } = await open({ state: { checklist: items } }, '檢核 1/2')
  const list = screen.getByRole('list', { name: '檢核' })
  expect(list).toHaveTextContent(/掛牌上鎖林雅婷 ?逾期/)
  await userEvent.click(within(list).getByRole('checkbox', { name: '掛牌上鎖' }))
  await userEvent.click(within(list).getByRole('checkbox', { name: '通知環安' }))
  await userEvent.click(screen.getByRole('button', { name: '新增項目' }))
  const dialog = await screen.findByRole('dialog', { name: '新增項目' })
  await userEvent.type(within(dialog).getByRole('textbox', { name: /要做什麼/ }), '量爐溫')
  await userEvent.click(within(dialog).getByRole('button', { name: '新增' }))
  await waitFor(() => expect(told).toHaveLength(3))
  expect(told).toEqual([
    `PATCH /rooms/${ROOM}/checklist/i1 {"state":"done"}`,
    `PATCH /rooms/${ROOM}/checklist/i2 {"state":"open"}`,
    `POST /rooms/${ROOM}/checklist {"text":{"zh-TW":"量爐溫"}}`,
  ])
})

it('handing over asks first, and says who it was', async () => {
  const { told } = await open({ facts: { owner: CHEN, status: 'acknowledged' } }, '成員')
  const dialog = await menu('林雅婷 的更多動作', '移交負責')
  expect(dialog).toHaveTextContent('陳柏宇 改為班長')
  expect(told).toEqual([])
  await userEvent.click(within(dialog).getByRole('button', { name: '移交負責' }))
  expect(told).toEqual([`POST /rooms/${ROOM}/owner {"user_id":"${LIN.id}"}`])
})

it('a guest found outside comes with an end', async () => {
  const { told } = await open({ answer: (path) => (path.startsWith('/api/users') ? [WANG, LIN] : null) }, '成員')
  await userEvent.click(screen.getByRole('button', { name: '加入成員' }))
  const dialog = await screen.findByRole('dialog', { name: '加入成員' })
  await userEvent.click(within(dialog).getByRole('radio', { name: '訪客' }))
  await userEvent.click(within(dialog).getByRole('combobox', { name: /誰/ }))
  await userEvent.click(await screen.findByRole('option', { name: '王志明' }))
  expect(screen.queryByRole('option', { name: '林雅婷' })).toBeNull()
  await userEvent.click(within(dialog).getByRole('button', { name: '新增' }))
  await waitFor(() => expect(told[0]).toMatch(/^POST .*"user_id":"u-wang","role":"guest","until":"20/))
})

it('who only looks on has no button anywhere', async () => {
  const me = { ...ME, role: 'viewer' as const }
  await open({ me, state: { checklist: [{ id: 'i1', text: { 'zh-TW': '掛牌' } }] }, members: [member(LIN, 'owner'), member(WANG, 'guest', at(9))] }, '成員')
  expect(screen.queryByRole('button', { name: '更多' })).toBeNull()
  expect(screen.queryByRole('button', { name: /的更多動作|加入/ })).toBeNull()
  expect(screen.getByRole('list', { name: '成員' })).toHaveTextContent('王志明 訪客')
  await userEvent.click(screen.getByRole('tab', { name: /檢核/ }))
  expect(screen.getByRole('checkbox', { name: '掛牌' })).toBeDisabled()
  expect(screen.queryByRole('button', { name: '新增項目' })).toBeNull()
})

it('merging needs a room and a reason, and a refusal is said in the dialog', async () => {
  const other = room({ id: 'r2', code: 'INC-000143', machine: 'RO-04' })
  const answer = (_: string, { method }: { method?: string }) => {
    if (method) throw new Problem('forbidden', 403, '')
    return { rooms: [{ room: other }] }
  }
  const { told } = await open({ answer })
  const dialog = await menu('更多', '併入其他事件')
  await userEvent.click(within(dialog).getByRole('combobox', { name: /併入哪一件/ }))
  await userEvent.click(await screen.findByRole('option', { name: /INC-000143/ }))
  await userEvent.type(within(dialog).getByRole('textbox', { name: /原因/ }), '同一件')
  expect(dialog).toHaveTextContent('之後的警報進到 INC-000143')
  await userEvent.click(within(dialog).getByRole('button', { name: '併入' }))
  expect(told).toEqual([`POST /rooms/${ROOM}/merge {"into":"r2","reason":"同一件"}`])
  expect(await within(dialog).findByRole('alert')).toHaveTextContent('你的角色不能做這件事')
})

it('each part of the place leads to the incidents there', () => {
  expect(placesOf({ site: '竹北', area: null, line: 'SMT-3', machine: 'RO-03' }).map((it) => it.search)).toEqual([
    { site: '竹北' },
    { site: '竹北', line: 'SMT-3' },
    { site: '竹北', line: 'SMT-3', machine: 'RO-03' },
  ])
})
