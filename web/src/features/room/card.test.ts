import i18next from 'i18next'
import { describe, expect, it } from 'vitest'
import { changeLanguage } from '../../lib/i18n'
import { at, card, cardMessage, CHEN, LIN, message, room, snapshot, system } from '../../test/samples'
import { actsOf, asksFirst } from './acts'
import { beyondLimit, leadCard, roomChips, stateChips, valueWords } from './card'
import { joinedWords, systemWords } from './system'

const t = i18next.t
const words = (it: ReturnType<typeof card>) => stateChips(it, t).map((chip) => chip.word)

describe('the card', () => {
  it('the worst alarm still active speaks for the room, else the first', () => {
    const [high, crit] = [card({ occurrence_id: 'h', severity: 'high' }), card({ occurrence_id: 'c' })]
    const gone = { ...crit, state: { active: false, acked: null } }
    expect(leadCard([cardMessage(1, high), cardMessage(2, crit)])?.occurrence_id).toBe('c')
    expect(leadCard([cardMessage(1, high), cardMessage(2, gone)])?.occurrence_id).toBe('h')
    expect(leadCard([cardMessage(1, gone), message(2)])?.occurrence_id).toBe('c')
    expect(leadCard([message(1)])).toBeNull()
  })

  it('says what the machine says, and admits what it does not say', () => {
    expect(words(card())).toEqual(['動作中'])
    expect(words(card({ state: { active: null, acked: null } }))).toEqual(['狀態未知'])
    expect(words(card({ state: { active: true, acked: false, latched: true, stale: true }, count: 3 }))).toEqual(['動作中', '機台未確認', '鎖存，待復歸', '資料過期', '第 3 次'])
    expect(words(card({ state: { active: false, acked: false } }))).toEqual(['已復歸', '復歸未確認'])
  })

  it('names severity and status beside it, and how many alarms are active', () => {
    expect(roomChips(room({ active_alarms: 3 }), card(), t).map((it) => it.word)).toEqual(['緊急', '動作中', '3 則動作中', '待接手'])
  })

  it('is beyond a limit upwards, or downwards when it guards a low one', () => {
    expect(beyondLimit(card())).toBe(true)
    expect(beyondLimit(card({ value: 250 }))).toBe(false)
    expect(beyondLimit(card({ value: 12, limit: 15, condition: 'LOLO' }))).toBe(true)
    expect(beyondLimit(card({ value: 'OPEN' }))).toBe(false)
    expect(valueWords(card(), t)).toBe('268.4 °C，上限 255')
  })
})

describe('system rows', () => {
  const reader = { t, room: room(), me: CHEN.id }
  const moved = (to_status: string, more: object = {}, sender: typeof LIN | null = LIN) =>
    systemWords(system(2, 'StatusChanged', { from_status: 'open', to_status, ...more }, { sender, created_at: at(88) }), reader)

  it('say who did what, how long after the raise', () => {
    expect(moved('acknowledged')).toBe('林雅婷 接手處理，距發生 1 分 28 秒')
    expect(moved('on_site', {}, CHEN)).toBe('你 到場，距發生 1 分 28 秒')
    expect(moved('open', { from_status: 'acknowledged' })).toBe('林雅婷 放回待接手')
    expect(moved('open', { from_status: 'closed' })).toBe('林雅婷 重開，待接手')
  })

  it('tell when the machines did it', () => {
    expect(moved('restored', { by_source: true }, null)).toBe('機台復歸，距發生 1 分 28 秒')
    expect(moved('open', { from_status: 'restored', by_source: true }, null)).toBe('警報再起，重開')
  })

  it('members, roles, severity and facts', () => {
    const said = (event: string, params: object, sender: typeof LIN | null = LIN) => systemWords(system(2, event, params as Record<string, unknown>, { sender }), reader)
    expect(said('MemberAdded', { user: LIN })).toBe('林雅婷 加入')
    expect(said('MemberAdded', { user: CHEN })).toBe('林雅婷 加入 你')
    expect(said('RoleChanged', { user: LIN, role: 'lead' })).toBe('林雅婷 的角色改為班長')
    expect(said('SeverityChanged', { from_severity: 'high', to_severity: 'critical' }, null)).toBe('嚴重度升為緊急')
    expect(said('SeverityChanged', { from_severity: 'high', to_severity: 'low' })).toBe('林雅婷 把嚴重度降為低')
    expect(said('RoomChanged', { visibility: 'plant' })).toBe('林雅婷 把可見範圍改為全廠')
    expect(said('RoomChanged', { title: '超溫', line: 'SMT-1' })).toBe('林雅婷 把標題改為「超溫」，林雅婷 把房間移到產線 SMT-1')
    expect(said('RoomOpened', {}, null)).toBe('已開啟事件室')
    expect(said('RoomLinked', { other_id: 'r2' })).toBe('林雅婷 連結了 另一間')
    expect(systemWords(system(2, 'RoomMerged', { other_id: 'r2', direction: 'into' }, { sender: LIN }), { ...reader, other: 'INC-000043' })).toBe('林雅婷 把這一間併入 INC-000043')
    expect(joinedWords([system(1, 'MemberAdded', { user: LIN }), system(2, 'MemberAdded', { user: CHEN })], reader)).toBe('加入 2 人：林雅婷、你')
  })

  it('are written in the reader’s language', () => {
    changeLanguage('en')
    expect(moved('acknowledged')).toBe('林雅婷 took it, after 1 min 28 s')
    changeLanguage('zh-TW')
  })
})

describe('steps', () => {
  it.each([['open', ['acknowledged']], ['acknowledged', ['on_site', 'restored']], ['on_site', ['restored']], ['restored', ['closed', 'monitoring']], ['monitoring', ['closed', 'open']], ['closed', ['open']], ['merged', []]] as const)(
    'after %s come %j',
    (status, expected) => expect(actsOf(snapshot({ room: room({ status }) })).main.map((it) => it.to)).toEqual(expected),
  )

  it('asks before restoring what the machine still reports', () => {
    expect(asksFirst(room({ active_alarms: 1 }), 'restored')).toBe(true)
    expect(asksFirst(room({ active_alarms: 0 }), 'restored')).toBe(false)
    expect(asksFirst(room({ active_alarms: 1 }), 'on_site')).toBe(false)
  })
})
