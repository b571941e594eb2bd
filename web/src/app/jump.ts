import { useCallback, useEffect, useMemo } from 'react'
import type { RoomLog, RoomLogs } from '../log/rooms'
import type { Stretch } from '../log/stretch'
import './jump.css'

export type Jumps = Pick<RoomLogs, 'jump' | 'jumpOlder' | 'jumpNewer'>

export interface Jump {
  /** What to show instead of the newest messages, once it is there. */
  stretch: Stretch | null
  /** A stretch is wanted and has not come yet. */
  waiting: boolean
  older: () => Promise<void>
  newer: () => Promise<void>
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

/** `?at=` of a room: reads the talk around that seq when the newest messages do not hold it, and points at it. */
export function useJump(room: string, at: number | undefined, { snapshot, jump }: Pick<RoomLog, 'snapshot' | 'jump'>, logs: Jumps): Jump {
  const first = snapshot?.messages[0]?.seq
  const away = at !== undefined && first !== undefined && at < first
  const found = at !== undefined && jump?.at === at
  const stretch = found ? jump.stretch : null
  const waiting = away && !found

  useEffect(() => {
    if (waiting && at !== undefined) void logs.jump(room, at)
  }, [room, at, waiting, logs])

  const ready = snapshot !== null && !waiting
  useEffect(() => {
    if (at !== undefined && ready) return point(at)
  }, [at, ready])

  const older = useCallback(() => logs.jumpOlder(room), [room, logs])
  const newer = useCallback(() => logs.jumpNewer(room), [room, logs])
  return useMemo(() => ({ stretch, waiting, older, newer }), [stretch, waiting, older, newer])
}
