import { MantineProvider } from '@mantine/core'
import { act, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { learnServerTime } from '../lib/clock'
import { at, CHEN, room } from '../test/samples'
import { ConnectionStrip } from './ConnectionStrip'
import { stoppedMs, stopsOf } from './rail'
import { ResponseRail, SmallRail } from './ResponseRail'
import { SeverityMark } from './SeverityMark'
import { faviconOf, segmentOf } from './StackLight'
import { Chips } from './StateChip'
import { Timer } from './Timer'

const NOW = Date.parse(at(250))

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
  learnServerTime(at(250))
})
afterEach(() => vi.useRealTimers())

const later = (ms: number) => act(() => vi.advanceTimersByTime(ms))

describe('timers', () => {
  it('tick once a second and tell readers only when they started', () => {
    render(<Timer since={at()} />)
    const timer = screen.getByRole('timer')
    expect(timer).toHaveTextContent('4:10')
    later(1000)
    expect(timer).toHaveTextContent('4:11')
    expect(timer).toHaveAttribute('aria-live', 'off')
    expect(timer.getAttribute('aria-label')).toMatch(/起$/)
  })

  it('follow the hub’s clock, not the device’s', () => {
    learnServerTime(at(767))
    render(<Timer since={at()} />)
    expect(screen.getByRole('timer')).toHaveTextContent('12:47')
  })
})

describe('the response rail', () => {
  const onSite = room({ status: 'on_site', owner: CHEN, acknowledged_at: at(88), on_site_at: at(233) })

  it('done, now, next', () => {
    expect(stopsOf(onSite).map((it) => it.state)).toEqual(['done', 'done', 'now', 'next', 'next', 'next'])
    render(<ResponseRail room={onSite} />)
    const stops = screen.getAllByRole('listitem')
    expect(stops[1]).toHaveTextContent('接手 +1:28 陳柏宇')
    expect(stops[2]).toHaveTextContent('到場 +3:53 已 0:17')
    expect(stops[2]).toHaveAttribute('aria-current', 'step')
  })

  it('a machine that cleared itself skipped what nobody did', () => {
    const cleared = room({ status: 'restored', restored_at: at(60) })
    expect(stopsOf(cleared).map((it) => it.state)).toEqual(['done', 'skipped', 'skipped', 'now', 'next', 'next'])
    expect(stoppedMs(cleared)).toBe(60_000)
    expect(stoppedMs(onSite)).toBeNull()
  })

  it('five dots for rows: watching is part of the restore', () => {
    const watched = room({ status: 'monitoring', restored_at: at(60), monitoring_at: at(90) })
    expect(stopsOf(watched, true).map((it) => it.state)).toEqual(['done', 'skipped', 'skipped', 'now', 'next'])
    render(<SmallRail room={onSite} />)
    expect(screen.getByRole('img')).toHaveAccessibleName('處理進度: 到場')
  })
})

describe('marks', () => {
  it('severity is a digit and a word, not only a colour', () => {
    render(<SeverityMark severity="high" />)
    expect(screen.getByRole('img', { name: '高' })).toHaveTextContent('2')
  })

  it('at most five chips, then a number', () => {
    render(<Chips chips={['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((key) => ({ key, word: key }))} />)
    expect(screen.getByText('+2')).toBeVisible()
    expect(screen.queryByText('f')).toBeNull()
  })

  it('the stack light lights the worst severity, and only the three that call somebody', () => {
    expect([1, 2, 3, 4, 5, null].map((it) => segmentOf(it as 1))).toEqual([0, 1, 2, null, null, null])
    expect(faviconOf(1)).not.toBe(faviconOf(null))
    expect(faviconOf(4)).toBe(faviconOf(null))
  })
})

describe('the connection strip', () => {
  const strip = (downSince: number | null, waiting = 0, stop: Parameters<typeof ConnectionStrip>[0]['connection']['stop'] = null) =>
    render(
      <MantineProvider>
        <ConnectionStrip connection={{ downSince, stop, waiting }} retry={() => undefined} />
      </MantineProvider>,
    )

  it('says nothing about a blip, then how old the page is and what waits', () => {
    learnServerTime(new Date(NOW).toISOString())
    strip(NOW, 2)
    expect(screen.queryByRole('status')).toBeNull()
    later(42_000)
    expect(screen.getByRole('status')).toHaveTextContent(/離線 0:42/)
    expect(screen.getByRole('status')).toHaveTextContent(/畫面停在 .* · 2 則待送/)
  })

  it('tells why it stopped for good', () => {
    strip(NOW, 0, { why: 'other_tab', code: 4010 })
    expect(screen.getByRole('status')).toHaveTextContent('開了太多分頁')
  })
})
