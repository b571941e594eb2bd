import type { Message, MessagePage } from '../wire'

/** A stretch of a room's talk, read around one message. `before` and `after` are null at the ends. */
export interface Stretch {
  messages: Message[]
  before: number | null
  after: number | null
}

/** What a page read around a message shows; null when there is nothing. Pure. */
export const stretchOf = ({ messages, before, after }: MessagePage): Stretch | null => (messages.length > 0 ? { messages, before, after } : null)

/** The stretch with the page before it in front. Pure. */
export function withOlder(stretch: Stretch, page: MessagePage): Stretch {
  return { ...stretch, messages: [...page.messages, ...stretch.messages], before: page.messages.length > 0 ? page.before : null }
}

/** The stretch with the page after it behind. Pure. */
export function withNewer(stretch: Stretch, page: MessagePage): Stretch {
  return { ...stretch, messages: [...stretch.messages, ...page.messages], after: page.messages.length > 0 ? page.after : null }
}

/** The talk from the stretch on, when the newest messages follow it without a hole; else the stretch alone. Pure. */
export function joined({ messages, after }: Stretch, newest: readonly Message[]): { messages: Message[]; whole: boolean } {
  const last = messages.at(-1)?.seq ?? 0
  const first = newest[0]?.seq ?? 0
  const whole = after === null || last >= first
  return { messages: whole ? [...messages.filter((it) => it.seq < first), ...newest] : messages, whole }
}
