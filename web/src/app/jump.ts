import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Message, MessagePage, Snapshot } from '../wire'
import './jump.css'

/** A stretch of a room's talk, read around one message. `before` and `after` are null at the ends. */
export interface Stretch {
  messages: Message[]
  before: number | null
  after: number | null
}

export interface JumpDeps {
  around: (room: string, seq: number) => Promise<MessagePage>
  older: (room: string, beforeSeq: number) => Promise<MessagePage>
  newer: (room: string, afterSeq: number) => Promise<MessagePage>
}

export interface Jump {
  /** What to show instead of the newest messages, once it is there. */
  stretch: Stretch | null
  /** A stretch is wanted and has not come yet. */
  waiting: boolean
  older: () => Promise<void>
  newer: () => Promise<void>
}

/** The talk from the stretch on, when the newest messages follow it without a hole; else the stretch alone. Pure. */
export function joined({ messages, after }: Stretch, newest: readonly Message[]): { messages: Message[]; whole: boolean } {
  const last = messages.at(-1)?.seq ?? 0
  const first = newest[0]?.seq ?? 0
  const whole = after === null || last >= first
  return { messages: whole ? [...messages.filter((it) => it.seq < first), ...newest] : messages, whole }
}

const MARKED_MS = 2500

/** The row of a message; rows of one kind may be drawn as one, under the seq of the first. */
export function rowOf(root: ParentNode, seq: number): HTMLElement | null {
  const rows = [...root.querySelectorAll<HTMLElement>('[data-seq][data-kind]')]
  return rows.filter((it) => Number(it.dataset.seq) <= seq).at(-1) ?? null
}

/** Brings a row into the middle and marks it for a moment. */
function point(seq: number): () => void {
  const row = rowOf(document, seq)
  if (!row) return () => undefined
  row.scrollIntoView({ block: 'center' })
  row.dataset.jumped = 'true'
  const timer = setTimeout(() => delete row.dataset.jumped, MARKED_MS)
  return () => {
    clearTimeout(timer)
    delete row.dataset.jumped
  }
}

/** `?at=` of a room: loads the talk around that seq when the newest messages do not hold it, and points at it. */
export function useJump(room: string, at: number | undefined, snapshot: Snapshot | null, deps: JumpDeps): Jump {
  const [found, setFound] = useState<{ at: number; stretch: Stretch | null } | null>(null)
  const first = snapshot?.messages[0]?.seq
  const away = at !== undefined && first !== undefined && at < first
  const stretch = found && found.at === at ? found.stretch : null
  const waiting = away && found?.at !== at

  useEffect(() => {
    if (!waiting || at === undefined) return
    let left = false
    deps.around(room, at).then(
      ({ messages, before, after }) => left || setFound({ at, stretch: messages.length > 0 ? { messages, before, after } : null }),
      () => left || setFound({ at, stretch: null }), // the newest messages are better than none
    )
    return () => {
      left = true
    }
  }, [room, at, waiting, deps])

  const ready = snapshot !== null && !waiting
  useEffect(() => {
    if (at !== undefined && ready) return point(at)
  }, [at, ready])

  const grow = useCallback((more: (stretch: Stretch) => Stretch) => setFound((it) => (it?.stretch ? { ...it, stretch: more(it.stretch) } : it)), [])
  const older = useCallback(async () => {
    if (!stretch || stretch.before === null) return
    const page = await deps.older(room, stretch.before)
    grow((it) => ({ ...it, messages: [...page.messages, ...it.messages], before: page.messages.length > 0 ? page.before : null }))
  }, [room, stretch, deps, grow])
  const newer = useCallback(async () => {
    if (!stretch || stretch.after === null) return
    const page = await deps.newer(room, stretch.after)
    grow((it) => ({ ...it, messages: [...it.messages, ...page.messages], after: page.messages.length > 0 ? page.after : null }))
  }, [room, stretch, deps, grow])
  return useMemo(() => ({ stretch, waiting, older, newer }), [stretch, waiting, older, newer])
}
