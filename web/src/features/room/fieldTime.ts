import { dayKey, timeOf } from '../../lib/format'

/** A time as a field of day and time on this device holds it: `2026-11-24T03:07`. */
export const fieldTime = (ms: number) => `${dayKey(ms)}T${timeOf(new Date(ms).toISOString())}`
