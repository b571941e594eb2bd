/** Why a session stopped for good; `code` is the close code, 0 when no ticket could be had. */
export type Stop = { why: 'signin' | 'other_tab' | 'reload' | 'refused'; code: number }

const LONGEST_MS = 30_000
const CLIENT_ERRORS = [1002, 1003, 1007, 1009, 4002, 4003, 4005]

/** 1, 2, 4 … 30 s with full jitter; `random` is in [0, 1). */
export const backoff = (attempt: number, random: number) => Math.min(LONGEST_MS, 1000 * 2 ** attempt) * random

/** What a close code asks for; everything unknown is a lost connection. */
export function afterClose(code: number): 'resume' | 'resync' | Stop {
  if (code === 4007) return 'resync'
  if (code === 4009) return { why: 'signin', code }
  if (code === 4010) return { why: 'other_tab', code }
  if (code === 4012) return { why: 'reload', code }
  return CLIENT_ERRORS.includes(code) ? { why: 'refused', code } : 'resume'
}
