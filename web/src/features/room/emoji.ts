/** «收到»: the first reaction, a word and not a picture. On the wire it is this sign. */
export const RECEIVED = '✅'

/** In reach without opening anything. */
export const NEAR = ['👍', '🙏', '👀'] as const

/** What a plant says without words; each in Unicode's fully qualified spelling. */
export const EMOJI = [
  '👍', '👎', '👌', '🙏', '👏', '💪', '🙌', '🤝',
  '👀', '🏃', '🙋', '🤔', '😀', '😅', '😮', '😢',
  '❗', '❓', '⚠️', '🛑', '🚨', '🚧', '🔥', '💧',
  '⚡', '🌡️', '🔧', '🔩', '⚙️', '🔌', '🔋', '🧯',
  '🦺', '📦', '🚚', '📷', '📝', '📈', '📉', '⏳',
  '⏰', '🔁', '❌', '🎯', '🎉', '☕', '💡', '❤️',
] as const
