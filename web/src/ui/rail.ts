import type { Room, Status } from '../wire'

export const STOPS = ['raised', 'taken', 'onSite', 'restored', 'monitoring', 'closed'] as const
export type StopName = (typeof STOPS)[number]

/** One stop of the rail. `at` is ms, null while it has not happened (or was skipped). */
export interface RailStop {
  name: StopName
  state: 'done' | 'now' | 'next' | 'skipped'
  at: number | null
}

const REACHED: Record<Status, number> = {
  open: 0,
  acknowledged: 1,
  on_site: 2,
  restored: 3,
  monitoring: 4,
  closed: 5,
  merged: 5,
  false_alarm: 5,
}

/** The six clocks of a stop. Small rails join watching into the restore. */
export function stopsOf(room: Room, small = false): RailStop[] {
  const raised = room.first_raised_at ?? room.opened_at
  const clocks = [raised, room.acknowledged_at, room.on_site_at, room.restored_at, room.monitoring_at, room.closed_at]
  const reached = REACHED[room.status]
  const stops = STOPS.map((name, n): RailStop => {
    const at = clocks[n] ? Date.parse(clocks[n]) : null
    if (n > reached) return { name, state: 'next', at: null }
    if (n === reached) return { name, state: n === 5 ? 'done' : 'now', at }
    return { name, state: at === null ? 'skipped' : 'done', at }
  })
  if (!small) return stops
  const watching = stops[4]?.state === 'now'
  return stops.filter((it) => it.name !== 'monitoring').map((it) => (watching && it.name === 'restored' ? { ...it, state: 'now' } : it))
}

/** From the first raise to the end of the stop, or null while it lasts. */
export function stoppedMs(room: Room): number | null {
  const end = room.restored_at ?? room.monitoring_at ?? room.closed_at
  if (end === null || ['open', 'acknowledged', 'on_site'].includes(room.status)) return null
  return Math.max(0, Date.parse(end) - Date.parse(room.first_raised_at ?? room.opened_at))
}
