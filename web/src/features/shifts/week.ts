import type { CalendarShift, CalendarTeam, Override } from '../../wire'

export interface WeekAddress {
  from?: string
  line?: string
}

const DATE = /^\d{4}-\d\d-\d\d$/
const DAY_MS = 86_400_000

/** `?from=2026-03-02&line=SMT-3`; anything else is left out. */
export function readWeek({ from, line }: Record<string, unknown>): WeekAddress {
  const day = typeof from === 'string' && DATE.test(from) && !Number.isNaN(Date.parse(from)) ? { from } : {}
  return typeof line === 'string' && line !== '' && line.length <= 64 ? { ...day, line } : day
}

/** A date so many days later. */
export const plusDays = (day: string, days: number): string => new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)

/** The Monday of a date's week. */
export const mondayOf = (day: string): string => plusDays(day, -((new Date(day).getUTCDay() + 6) % 7))

export const daysOf = (from: string, days: number): string[] => Array.from({ length: days }, (_, it) => plusDays(from, it))

/** `週一 3/2`, `Mon 2/3`: weekday and date as the reader writes them. */
export function dayName(day: string, language: string): string {
  const at = new Date(`${day}T00:00:00Z`)
  if (language === 'zh-TW') return `${new Intl.DateTimeFormat('zh-TW', { weekday: 'short', timeZone: 'UTC' }).format(at)} ${at.getUTCMonth() + 1}/${at.getUTCDate()}`
  return new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }).format(at)
}

const WALL = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const

/** The wall clock of the plant's zone: `2026-03-02T23:00`. */
export function wallIn(zone: string, iso: string | number): string {
  const parts = Object.fromEntries(new Intl.DateTimeFormat('en-GB', { ...WALL, timeZone: zone }).formatToParts(new Date(iso)).map((it) => [it.type, it.value]))
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`
}

export const clockIn = (zone: string, iso: string): string => wallIn(zone, iso).slice(11)

/** The instant at which the plant's wall clock shows this; the device may stand in another zone. */
export function instantIn(zone: string, wall: string): string {
  const asked = Date.parse(`${wall}:00Z`)
  let at = asked
  for (let round = 0; round < 2; round++) at += asked - Date.parse(`${wallIn(zone, at)}:00Z`)
  return new Date(at).toISOString()
}

export const shiftsOn = (team: CalendarTeam, day: string): CalendarShift[] => team.shifts.filter((it) => it.day === day)

export const runs = ({ starts, ends }: { starts: string; ends: string }, now: number): boolean => Date.parse(starts) <= now && now < Date.parse(ends)

export const linesIn = (teams: readonly CalendarTeam[]): string[] => [...new Set(teams.flatMap((it) => it.lines))].sort()

/** Which of the three an override is, and the names in it. */
export function saidOf({ away, instead }: Override): { key: 'shifts.saidAway' | 'shifts.saidSwap' | 'shifts.saidExtra'; values: { away: string; instead: string } } {
  const values = { away: away?.name ?? '', instead: instead?.name ?? '' }
  return { key: away && instead ? 'shifts.saidSwap' : away ? 'shifts.saidAway' : 'shifts.saidExtra', values }
}

