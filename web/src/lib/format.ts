/** Times and figures as the plant reads them. Durations are in ms. */
import type { Room } from '../wire'

const pad = (n: number) => String(n).padStart(2, '0')

/** A running clock: `4:10`, `12:47`, `1:02:33`, with days `2d 03:04:05` in words of the caller. */
export function clockOf(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000))
  const [h, m] = [Math.floor(s / 3600), Math.floor(s / 60) % 60]
  return h > 0 ? `${h}:${pad(m)}:${pad(s % 60)}` : `${m}:${pad(s % 60)}`
}

export interface Span {
  key: 'span.seconds' | 'span.minutes' | 'span.minutesSeconds' | 'span.hours' | 'span.hoursMinutes' | 'span.days'
  values: { d: number; h: number; m: number; s: number }
}

/** A span in words, coarse: seconds only below an hour when `fine`. The key is a translation key. */
export function spanOf(ms: number, fine = false): Span {
  const total = Math.max(0, Math.floor(ms / 1000))
  const [d, h, m, s] = [Math.floor(total / 86400), Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60]
  const values = { d, h, m: h > 0 ? m : Math.floor(total / 60), s }
  if (total < 60) return { key: 'span.seconds', values }
  if (h === 0) return { key: fine && s > 0 ? 'span.minutesSeconds' : 'span.minutes', values }
  if (d >= 2) return { key: 'span.days', values }
  return { key: m > 0 ? 'span.hoursMinutes' : 'span.hours', values }
}

/** Clock time of the device's zone: `03:07`, with seconds `03:07:12`. */
export function timeOf(iso: string, seconds = false): string {
  const at = new Date(iso)
  const short = `${pad(at.getHours())}:${pad(at.getMinutes())}`
  return seconds ? `${short}:${pad(at.getSeconds())}` : short
}

/** With milliseconds, as a machine tells it: `03:07:12.481`. */
export function exactTimeOf(iso: string): string {
  return `${timeOf(iso, true)}.${String(new Date(iso).getMilliseconds()).padStart(3, '0')}`
}

/** The day as a key: same key, same day on this device. */
export function dayKey(iso: string | number): string {
  const at = new Date(iso)
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
}

export function dayOf(iso: string, language: string): string {
  const at = new Date(iso)
  const parts = { month: 'long', day: 'numeric', weekday: 'long' } as const
  if (language !== 'zh-TW') return new Intl.DateTimeFormat('en-GB', parts).format(at)
  const weekday = new Intl.DateTimeFormat('zh-TW', { weekday: 'long' }).format(at)
  return `${at.getMonth() + 1} 月 ${at.getDate()} 日 ${weekday}`
}

/** Day and clock time of the device's zone, short: `11/24 03:07`, with the year when it is another one. */
export function dateTime(iso: string, language: string): string {
  const at = new Date(iso)
  const year = at.getFullYear() === new Date().getFullYear() ? undefined : 'numeric'
  return `${new Intl.DateTimeFormat(language === 'zh-TW' ? 'zh-TW' : 'en-GB', { year, month: 'numeric', day: 'numeric' }).format(at)} ${timeOf(iso)}`
}

/** A machine's figure: at most 3 decimals, no exponent for what a gauge shows. */
export function figureOf(value: unknown): string {
  if (typeof value !== 'number') return value === true ? '1' : value === false ? '0' : String(value ?? '')
  if (!Number.isFinite(value)) return String(value)
  if (value !== 0 && (Math.abs(value) >= 1e9 || Math.abs(value) < 1e-3)) return value.toPrecision(4)
  return String(Math.round(value * 1000) / 1000)
}

/** A text of several languages in the reader's; else zh-TW, en, whatever there is. */
export function textIn(text: Record<string, string> | undefined, language: string, fallback = ''): string {
  if (!text) return fallback
  const near = Object.keys(text).find((key) => key.split('-')[0] === language.split('-')[0])
  return text[language] ?? (near ? text[near] : undefined) ?? text['zh-TW'] ?? text.en ?? Object.values(text)[0] ?? fallback
}

/**
 * The machine and what a room is about, in the reader's language: the fault, unless a person (or a template) gave the
 * room a title of its own, which then stands as it was written.
 */
export function roomName(room: Pick<Room, 'machine' | 'title' | 'fault'>, language: string): { machine: string; fault: string } {
  const own = room.title !== '' && !Object.values(room.fault ?? {}).some((it) => room.title.includes(it))
  const fault = own ? room.title : textIn(room.fault, language, room.title) || room.title
  return { machine: room.machine && !(own && fault.includes(room.machine)) ? room.machine : '', fault }
}

/** What an avatar shows: the family name's character, or two initials. */
export function initialsOf(name: string): string {
  const trimmed = name.trim()
  if (/^[\u3400-\u9fff]/.test(trimmed)) return trimmed.slice(0, 1)
  const words = trimmed.split(/[\s._-]+/).filter(Boolean)
  return (words[0]?.[0] ?? '?').concat(words.length > 1 ? (words.at(-1)?.[0] ?? '') : '').toUpperCase()
}
