import { useState } from 'react'
import { keep } from '../../lib/keep'
import type { Picked } from '../../lib/mentions'

/** What is being written, with who was picked for the names in it. */
export interface Draft {
  text: string
  picks: readonly Picked[]
}

export const EMPTY: Draft = { text: '', picks: [] }

function kept(key: string): Draft {
  try {
    return { text: keep.get(key), picks: JSON.parse(keep.get(`${key}.picks`) || '[]') as Picked[] }
  } catch {
    return { text: keep.get(key), picks: [] }
  }
}

/** What is being written in a room, kept over reloads and sign-ins. */
export function useDraft(key: string): [Draft, (draft: Draft) => void] {
  const [draft, setDraft] = useState(() => kept(key))
  return [
    draft,
    (next) => {
      setDraft(next)
      keep.set(key, next.text)
      keep.set(`${key}.picks`, next.picks.length > 0 ? JSON.stringify(next.picks) : '')
    },
  ]
}

/** One text after another, as they were written. */
export const joined = (a: Draft, b: Draft): Draft => ({ text: [a.text, b.text].filter(Boolean).join('\n'), picks: [...a.picks, ...b.picks] })
