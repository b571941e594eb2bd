import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { MantineProvider } from '@mantine/core'
import { render } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { learnServerTime } from '../../lib/clock'
import { Problem } from '../../lib/problem'
import { draw } from '../../test/page'
import { CHEN, LIN } from '../../test/samples'
import type { CalendarTeam, NewPattern, OnShiftNow, Override, ShiftCalendar } from '../../wire'
import { OverrideForm } from './OverrideForm'
import { RosterForm } from './RosterForm'
import { ShiftsPage, type ShiftsProps } from './ShiftsPage'
import { instantIn, mondayOf, readWeek, wallIn } from './week'

const NAME = { 'zh-TW': '夜班', en: 'Night' }
const TEAM: CalendarTeam = {
  id: 't-a',
  name: '甲班',
  lines: ['SMT-3'],
  members: [LIN, CHEN],
  rostered: true,
  shifts: [
    {
      key: 'N', name: NAME, day: '2026-03-03', starts: '2026-03-03T15:00:00Z', ends: '2026-03-03T23:00:00Z', crew: 'A',
      people: [
        { person: LIN, lead: true, kind: 'crew', starts: '2026-03-03T15:00:00Z', ends: '2026-03-03T23:00:00Z' },
        { person: CHEN, lead: false, kind: 'away', starts: '2026-03-03T15:00:00Z', ends: '2026-03-03T23:00:00Z' },
        { person: { ...CHEN, id: 'u-w', name: '王志明' }, lead: false, kind: 'stand_in', other: CHEN, starts: '2026-03-03T15:00:00Z', ends: '2026-03-03T23:00:00Z' },
      ],
    },
  ],
}
const WEEK: ShiftCalendar = { from_day: '2026-03-02', days: 7, today: '2026-03-03', zone: 'Asia/Taipei', teams: [TEAM], holidays: [{ day: '2026-03-06', name: '廠慶' }], can_change: true }
const NOW: OnShiftNow = { line: null, at: '2026-03-03T19:10:00Z', rostered: true, people: [{ person: LIN, team_id: 't-a', team: '甲班', lead: true, shift: 'N', name: NAME, ends: '2026-03-03T23:00:00Z' }] }
const AWAY: Override = { id: 'o-1', starts: '2026-03-03T15:00:00Z', ends: '2026-03-03T23:00:00Z', team_id: 't-a', away: CHEN, instead: null, reason: '病假', by: LIN, can_change: true }

function props(change: Partial<ShiftsProps> = {}): ShiftsProps {
  const act = { go: vi.fn(), retry: vi.fn(), addRoster: vi.fn(), addOverride: vi.fn(), removeOverride: vi.fn() }
  return { address: {}, calendar: WEEK, now: NOW, overrides: [AWAY], lines: ['SMT-3'], problem: null, ...act, ...change }
}

describe('the plant’s wall clock', () => {
  it.each([
    ['Asia/Taipei', '2026-03-03T23:00', '2026-03-03T15:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29T08:00', '2026-03-29T06:00:00.000Z'],
    ['America/New_York', '2026-11-01T08:00', '2026-11-01T13:00:00.000Z'],
  ])('in %s %s is %s', (zone, wall, instant) => {
    expect(instantIn(zone, wall)).toBe(instant)
    expect(wallIn(zone, instant)).toBe(wall)
  })
  it('weeks begin on Monday, and an address is read with care', () => {
    expect(['2026-03-02', '2026-03-03', '2026-03-08'].map(mondayOf)).toEqual(['2026-03-02', '2026-03-02', '2026-03-02'])
    expect(readWeek({ from: '2026-03-02', line: 'SMT-3', other: 1 })).toEqual({ from: '2026-03-02', line: 'SMT-3' })
    expect(readWeek({ from: '2026-99-99', line: 7 })).toEqual({})
  })
})

describe('the page', () => {
  it('shows who is on shift, then the week with today marked, who is away and who stands in', async () => {
    learnServerTime('2026-03-03T19:10:00Z')
    await draw(<ShiftsPage {...props()} />)
    const now = screen.getByRole('region', { name: '現在當班' })
    expect(within(now).getByRole('listitem')).toHaveTextContent('林雅婷 班長 甲班 · 夜班 · 到 07:00')
    const heads = screen.getAllByRole('columnheader')
    expect(heads.find((it) => it.getAttribute('aria-current') === 'date')).toHaveTextContent('3/3 今天')
    expect(heads[5]).toHaveTextContent('休假：廠慶')
    const cells = within(screen.getByRole('row', { name: /甲班/ })).getAllByRole('cell')
    expect(cells[1]).toHaveTextContent('夜班現在23:00–07:00林雅婷班長陳柏宇不在王志明代 陳柏宇')
    expect(cells[0]).toHaveTextContent('休')
  })

  it('is one card for each day on a phone', async () => {
    const real = window.matchMedia
    vi.spyOn(window, 'matchMedia').mockImplementation((query) => ({ ...real(query), matches: query.includes('max-width: 47.99em') }))
    await draw(<ShiftsPage {...props()} />)
    vi.restoreAllMocks()
    expect(screen.queryByRole('table')).toBeNull()
    expect(within(screen.getByRole('region', { name: /3\/3 今天/ })).getByText('甲班')).toBeVisible()
    expect(screen.getByRole('region', { name: /3\/6/ })).toHaveTextContent('休假：廠慶')
  })

  it('walks weeks and lines, and takes a change back', async () => {
    const given = props()
    await draw(<ShiftsPage {...given} />)
    await userEvent.click(screen.getByRole('button', { name: '後一週' }))
    expect(given.go).toHaveBeenLastCalledWith({ from: '2026-03-09' })
    await userEvent.selectOptions(screen.getByRole('combobox', { name: '產線' }), 'SMT-3')
    expect(given.go).toHaveBeenLastCalledWith({ line: 'SMT-3' })
    await userEvent.click(screen.getByRole('button', { name: '取消調班：陳柏宇 不在' }))
    expect(given.removeOverride).toHaveBeenCalledExactlyOnceWith(AWAY)
  })

  it('has no dead button for those who may not change, and says what is missing', async () => {
    await draw(<ShiftsPage {...props({ addRoster: null, addOverride: null, overrides: [{ ...AWAY, can_change: false }], calendar: { ...WEEK, teams: [] }, now: { ...NOW, people: [], rostered: false } })} />)
    expect(screen.queryByRole('button', { name: /排班|調班/ })).toBeNull()
    expect(screen.getByText('還沒有排班。排好以後，這裡會看到現在誰當班。')).toBeVisible()
    expect(screen.getByText(/還沒有班組/)).toBeVisible()
  })

  it('a failure has a way on', async () => {
    const given = props({ calendar: undefined, problem: new Problem('unavailable', 503, '') })
    await draw(<ShiftsPage {...given} />)
    await userEvent.click(screen.getByRole('button', { name: '重試' }))
    expect(given.retry).toHaveBeenCalledOnce()
  })
})

const PATTERN: NewPattern = { name: { 'zh-TW': '三班制 3×8', en: '3×8' }, zone: 'Asia/Taipei', shifts: [{ key: 'E', name: NAME, start: '07:00', minutes: 480 }], cycle: { A: ['E'], B: ['E'] }, anchor: '2026-01-05' }
const show = (form: React.ReactNode) => render(<MantineProvider env="test">{form}</MantineProvider>)

describe('the forms', () => {
  it('a roster from a preset, and why it was refused', async () => {
    const save = vi.fn<(it: unknown) => Promise<unknown>>().mockRejectedValueOnce(new Problem('roster_overlap', 409, '')).mockResolvedValue({})
    const close = vi.fn()
    show(<RosterForm teams={[TEAM]} patterns={[]} presets={[{ key: '3x8', pattern: PATTERN }]} today="2026-03-03" close={close} save={save} />)
    await userEvent.click(screen.getByRole('button', { name: '排好' }))
    expect(screen.getByRole('alert')).toHaveTextContent('選一個班組')
    await userEvent.selectOptions(screen.getByRole('combobox', { name: '班組' }), '甲班')
    await userEvent.selectOptions(screen.getByRole('combobox', { name: '班別' }), '三班制 3×8')
    await userEvent.selectOptions(screen.getByRole('combobox', { name: '組別' }), 'B')
    await userEvent.click(screen.getByRole('button', { name: '排好' }))
    expect(await screen.findByRole('alert')).toHaveTextContent('沒有成功：這個班組那段時間已經排班')
    await userEvent.click(screen.getByRole('button', { name: '排好' }))
    await waitFor(() => expect(close).toHaveBeenCalledOnce())
    expect(save).toHaveBeenLastCalledWith({ team: TEAM, pattern: PATTERN, patternId: null, crew: 'B', fromDay: '2026-03-03' })
  })

  it('a pattern that is kept is not offered twice', () => {
    show(<RosterForm teams={[TEAM]} patterns={[{ id: 'p-1', pattern: PATTERN, rosters: 0, can_change: true }]} presets={[{ key: '3x8', pattern: PATTERN }]} today="2026-03-03" close={vi.fn()} save={vi.fn()} />)
    expect(within(screen.getByRole('combobox', { name: '班別' })).getAllByRole('option')).toHaveLength(2)
  })

  it('an override in the plant’s time', async () => {
    const save = vi.fn(async () => ({}))
    show(<OverrideForm teams={[TEAM]} zone="Asia/Taipei" today="2026-03-03" people={async () => [LIN, CHEN]} close={vi.fn()} save={save} />)
    await userEvent.selectOptions(screen.getByRole('combobox', { name: '班組' }), '甲班')
    await userEvent.click(screen.getByRole('button', { name: '排好' }))
    expect(screen.getByRole('alert')).toHaveTextContent('選誰不在，或誰來')
    await userEvent.selectOptions(screen.getByRole('combobox', { name: '誰不在' }), '陳柏宇')
    await userEvent.type(screen.getByRole('textbox', { name: '原因' }), '病假')
    await userEvent.click(screen.getByRole('button', { name: '排好' }))
    await waitFor(() => expect(save).toHaveBeenCalledExactlyOnceWith({ team_id: 't-a', away: CHEN.id, instead: null, starts: '2026-03-03T00:00:00.000Z', ends: '2026-03-03T12:00:00.000Z', reason: '病假' }))
  })
})
