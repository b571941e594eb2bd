import { useEffect, useRef, useState } from 'react'
import { useView } from './context'

/** At most one mark in this time, however fast messages come. */
const PAUSE_MS = 1500
const SETTLE_MS = 300

function useVisible(): boolean {
  const [visible, setVisible] = useState(!document.hidden)
  useEffect(() => {
    const look = () => setVisible(!document.hidden)
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  return visible
}

/** Moves my read mark while the end is really seen and nothing was marked unread; answers what came since it was not. */
export function useReading(atEnd: boolean): { count: number; alarm: boolean } {
  const { snapshot, me, offline, read, unreadFrom } = useView()
  const visible = useVisible()
  const head = snapshot.as_of_seq
  const [seen, setSeen] = useState(head)
  const markedAt = useRef(0)
  const seeing = atEnd && visible
  if (seeing && seen !== head) setSeen(head)

  useEffect(() => {
    if (!seeing || offline || unreadFrom !== null || head <= snapshot.last_read_seq) return
    const wait = Math.max(SETTLE_MS, markedAt.current + PAUSE_MS - Date.now())
    const timer = setTimeout(() => {
      markedAt.current = Date.now()
      read(head)
    }, wait)
    return () => clearTimeout(timer)
  }, [seeing, offline, unreadFrom, head, snapshot.last_read_seq, read])

  const missed = snapshot.messages.filter((it) => it.seq > seen && it.sender?.id !== me.id)
  return { count: missed.length, alarm: missed.some((it) => it.type === 'incident_data') }
}
