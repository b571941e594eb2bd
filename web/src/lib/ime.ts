/** When Enter sends. An input method uses Enter to choose characters; that Enter must never send half a word. */
export interface EnterKey {
  key: string
  shiftKey: boolean
  isComposing: boolean
  keyCode: number
  timeStamp: number
}

/** Some browsers end the composition first and then deliver the very key that ended it. */
const SAME_KEY_MS = 100

/** `composedAt` is when the last composition ended (event time), cleared when its key goes up. */
export function enterSends(event: EnterKey, composedAt: number | null, phone: boolean): boolean {
  if (event.key !== 'Enter' || event.shiftKey || phone) return false
  if (event.isComposing || event.keyCode === 229) return false
  return composedAt === null || event.timeStamp - composedAt > SAME_KEY_MS
}

/** Bytes in UTF-8, which is what the hub's limit of 10 KB counts. */
export const bytesOf = (text: string) => new TextEncoder().encode(text).length
export const TEXT_BYTES = 10 * 1024
