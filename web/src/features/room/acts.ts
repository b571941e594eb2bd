import type { IconName } from '../../ui/Icon'
import type { Act as Right, Room, Snapshot, Status } from '../../wire'

/** A step a person can take now. The first is the page's filled button. */
export interface Act {
  to: Status
  right: Right
  icon: IconName
  word: 'act.acknowledged' | 'act.on_site' | 'act.restored' | 'act.monitoring' | 'act.closed' | 'act.open' | 'act.giveBack' | 'act.falseAlarm'
}

const TAKE: Act = { to: 'acknowledged', right: 'take', icon: 'take', word: 'act.acknowledged' }
const ARRIVE: Act = { to: 'on_site', right: 'arrive', icon: 'arrive', word: 'act.on_site' }
const RESTORE: Act = { to: 'restored', right: 'restore', icon: 'check', word: 'act.restored' }
const MONITOR: Act = { to: 'monitoring', right: 'monitor', icon: 'show', word: 'act.monitoring' }
export const CLOSE: Act = { to: 'closed', right: 'close', icon: 'latched', word: 'act.closed' }
const REOPEN: Act = { to: 'open', right: 'reopen', icon: 'undo', word: 'act.open' }
const GIVE_BACK: Act = { to: 'open', right: 'give_back', icon: 'undo', word: 'act.giveBack' }
const FALSE_ALARM: Act = { to: 'false_alarm', right: 'false_alarm', icon: 'close', word: 'act.falseAlarm' }

const ACTS: Record<Status, { main: Act[]; more: Act[] }> = {
  open: { main: [TAKE], more: [ARRIVE, RESTORE, FALSE_ALARM] },
  acknowledged: { main: [ARRIVE, RESTORE], more: [GIVE_BACK, FALSE_ALARM] },
  on_site: { main: [RESTORE], more: [GIVE_BACK, FALSE_ALARM] },
  restored: { main: [CLOSE, MONITOR], more: [REOPEN, FALSE_ALARM] },
  monitoring: { main: [CLOSE, REOPEN], more: [] },
  closed: { main: [REOPEN], more: [] },
  merged: { main: [], more: [] },
  false_alarm: { main: [REOPEN], more: [] },
}

/** The steps I may take: what I may not do is not offered. */
export function actsOf({ room, can }: Pick<Snapshot, 'can'> & { room: Pick<Room, 'status'> }) {
  const { main, more } = ACTS[room.status]
  const mine = (act: Act) => can.includes(act.right)
  return { main: main.filter(mine), more: more.filter(mine) }
}

/** Restoring while machines still report the alarm is asked once. */
export const asksFirst = (room: Pick<Room, 'active_alarms'>, to: Status) => to === 'restored' && room.active_alarms > 0

export const hasEnded = (room: Pick<Room, 'status'>) => ['closed', 'merged', 'false_alarm'].includes(room.status)
