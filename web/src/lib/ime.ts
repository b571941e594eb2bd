/** When a key is the person's own. An input method uses Enter to choose characters; that Enter must never send half a word. */
export interface Key {
  key: string
  shiftKey: boolean
  isComposing: boolean
  keyCode: number
  timeStamp: number
}

/** Some browsers end the composition first and then deliver the very key that ended it. */
const SAME_KEY_MS = 100

/** The key belongs to an input method. `composedAt` is when the last composition ended (event time), cleared when its key goes up. */
export function isComposed(event: Omit<Key, 'key' | 'shiftKey'>, composedAt: number | null): boolean {
  if (event.isComposing || event.keyCode === 229) return true
  return composedAt !== null && event.timeStamp - composedAt <= SAME_KEY_MS
}

export function enterSends(event: Key, composedAt: number | null, phone: boolean): boolean {
  return event.key === 'Enter' && !event.shiftKey && !phone && !isComposed(event, composedAt)
}

/** Bytes in UTF-8, which is what the hub's limit of 10 KB counts. */
export const bytesOf = (text: string) => new TextEncoder().encode(text).length
export const TEXT_BYTES = 10 * 1024
/** From here on it is said how much is left. */
export const NEAR_BYTES = 0.8 * TEXT_BYTES
