import { useCallback, useLayoutEffect, useRef, useState } from 'react'

const NEAR_PX = 80

interface Scroll {
  box: React.RefObject<HTMLDivElement | null>
  atEnd: boolean
  onScroll: () => void
  toEnd: () => void
}

/**
 * Keeps the reader's place: at the end it follows, elsewhere nothing moves under the eyes. Rows put in front keep
 * the row one is looking at. A keyboard that opens or a strip that appears is no reason to leave the end: only the
 * reader's own scrolling is. `startAt` is a selector of the row to open at, else it opens at the end.
 */
export function useScroll(firstKey: string | undefined, lastKey: string | undefined, count: number, startAt: string): Scroll {
  const box = useRef<HTMLDivElement>(null)
  const was = useRef({ height: 0, first: firstKey, opened: false })
  const stick = useRef(true)
  const seen = useRef({ client: 0, scroll: 0 })
  const [atEnd, setAtEnd] = useState(true)

  const toEnd = useCallback(() => {
    stick.current = true
    setAtEnd(true)
    if (box.current) box.current.scrollTop = box.current.scrollHeight
  }, [])

  const onScroll = useCallback(() => {
    const it = box.current
    if (!it) return
    const near = it.scrollHeight - it.scrollTop - it.clientHeight <= NEAR_PX
    const moved = it.clientHeight === seen.current.client && it.scrollHeight === seen.current.scroll
    seen.current = { client: it.clientHeight, scroll: it.scrollHeight }
    if (near) stick.current = true
    else if (moved) stick.current = false
    else if (stick.current) it.scrollTop = it.scrollHeight
    setAtEnd(stick.current)
  }, [])

  useLayoutEffect(() => {
    const it = box.current
    if (!it || count === 0) return
    if (!was.current.opened) open(it, startAt, stick)
    else if (firstKey !== was.current.first) it.scrollTop += it.scrollHeight - was.current.height
    else if (stick.current) it.scrollTop = it.scrollHeight
    was.current = { height: it.scrollHeight, first: firstKey, opened: true }
    onScroll()
  }, [firstKey, lastKey, count, startAt, onScroll])

  useLayoutEffect(() => {
    const it = box.current
    if (!it || typeof ResizeObserver === 'undefined') return
    const watch = new ResizeObserver(() => {
      if (stick.current) it.scrollTop = it.scrollHeight
    })
    watch.observe(it)
    return () => watch.disconnect()
  }, [])

  return { box, atEnd, onScroll, toEnd }
}

function open(it: HTMLElement, startAt: string, stick: { current: boolean }): void {
  const line = it.querySelector<HTMLElement>(startAt)
  it.scrollTop = it.scrollHeight
  if (!line) return
  const top = line.offsetTop - it.offsetTop - 40
  if (top < it.scrollTop) {
    it.scrollTop = top
    stick.current = false
  }
}
