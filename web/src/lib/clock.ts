import { dayKey } from './format'
import { createStore, useStore } from './store'

/** The hub's clock on this screen: device clocks on a shop floor are minutes off. */
let offset = 0
const tick = createStore(0)
let timer: ReturnType<typeof setInterval> | undefined
let readers = 0

/** Learn the hub's time from a frame. A jump below 200 ms is network noise. */
export function learnServerTime(iso: string, at = Date.now()): void {
  const next = Date.parse(iso) - at
  if (Number.isFinite(next) && Math.abs(next - offset) > 200) offset = next
}

export const serverNow = (at = Date.now()): number => at + offset

function subscribe(listener: () => void): () => void {
  const stop = tick.subscribe(listener)
  readers += 1
  if (readers === 1) timer = setInterval(() => tick.set(Math.floor(serverNow() / 1000)), 250)
  return () => {
    stop()
    readers -= 1
    if (readers === 0) clearInterval(timer)
  }
}

/** Which day it is on this device by the hub's time; changes once a day. */
export function useToday(): string {
  return useStore({ subscribe, get: () => dayKey(serverNow()) })
}

/** The hub's time in whole seconds as ms; all timers of a page tick together. */
export function useNow(): number {
  const seconds = useStore({ subscribe, get: () => Math.floor(serverNow() / 1000) })
  return seconds * 1000
}
