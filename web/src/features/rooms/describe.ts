import type { TFunction } from 'i18next'
import { clockOf, figureOf, roomName, spanOf, textIn, timeOf } from '../../lib/format'
import { nobodyHasIt, startOf } from '../../log/lobby'
import { stoppedMs } from '../../ui/rail'
import type { IncidentData, Room, RoomRow } from '../../wire'

/** `RO-03` and `第 5 溫區超溫`: the machine and its fault in the reader's language. */
export function nameOf(room: Room, language: string): { machine: string; fault: string } {
  const { machine, fault } = roomName(room, language)
  return { machine: room.machine ? machine : (room.line ?? ''), fault }
}

/** The room's last word: who said it, or what happened. */
export function lastWordOf({ room, last_message: last }: RoomRow, t: TFunction, language: string): string {
  if (!last) return t('now.opened')
  if (last.type === 'system') return t(`status.${room.status}`)
  if (last.type === 'incident_data') {
    const { code, value, unit, text } = last.metadata as Partial<IncidentData>
    const figure = value === null || value === undefined ? '' : [figureOf(value), unit].filter(Boolean).join(' ')
    const said = textIn(text, language, last.preview)
    const news = said === nameOf(room, language).fault ? '' : said
    return [news, code, figure].filter(Boolean).join(' · ') || [room.line ?? room.site, t('now.opened')].filter(Boolean).join(' · ')
  }
  if (last.type === 'text' && last.preview === '') return t('room.deleted')
  return last.sender ? `${last.sender.name}${language === 'en' ? ': ' : '：'}${last.preview}` : last.preview
}

/** What the rail's current stop says: who has it and for how long, or that nobody does. */
export function currentFactOf(room: Room, t: TFunction, now: number): string {
  if (nobodyHasIt(room)) return t('now.nobody')
  if (room.status === 'restored' || room.status === 'monitoring') return t('now.waiting')
  const since = { acknowledged: room.acknowledged_at, on_site: room.on_site_at }[room.status as 'acknowledged' | 'on_site']
  return since ? `${t(`status.${room.status}`)} ${clockOf(now - Date.parse(since))}` : t(`status.${room.status}`)
}

/** `SMT-3線 · 陳柏宇 到場` below a room in the side bar. */
export function sideFactOf(room: Room, t: TFunction): string {
  const done = room.restored_at && (room.status === 'restored' || room.status === 'monitoring')
  const who = done ? t('room.ended', { time: timeOf(room.restored_at ?? '') }) : nobodyHasIt(room) ? t('now.nobody') : [room.owner?.name, t(`status.${room.status}`)].filter(Boolean).join(' ')
  return [room.line ?? room.site, who].filter(Boolean).join(' · ')
}

/** How long it stood, in words. */
export function stoppedWords(room: Room, t: TFunction, now: number): string {
  const { key, values } = spanOf(stoppedMs(room) ?? now - startOf(room))
  return t('now.stopped', { span: t(key, values) })
}
