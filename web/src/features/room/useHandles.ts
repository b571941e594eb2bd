import { type HTMLAttributes, useEffect, useRef, useState } from 'react'

const LONG_MS = 450
const SLIP_PX = 10
const LIFT_MS = 100

/** The sheet comes up under the finger: lifting it must not choose from it. */
function swallowClick(): void {
  const swallow = (event: Event) => {
    event.preventDefault()
    event.stopPropagation()
  }
  window.addEventListener('click', swallow, { capture: true })
  const lifted = () => setTimeout(() => window.removeEventListener('click', swallow, { capture: true }), LIFT_MS)
  window.addEventListener('pointerup', lifted, { once: true, capture: true })
  window.addEventListener('pointercancel', lifted, { once: true, capture: true })
}

/** A long press of a finger; one that slides is scrolling. */
function useLongPress(done: () => void): HTMLAttributes<HTMLElement> {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const start = useRef({ x: 0, y: 0 })
  const cancel = () => clearTimeout(timer.current)
  useEffect(() => cancel, [])
  return {
    onPointerDown: (event) => {
      cancel()
      if (event.pointerType === 'mouse') return
      start.current = { x: event.clientX, y: event.clientY }
      timer.current = setTimeout(() => {
        swallowClick()
        done()
      }, LONG_MS)
    },
    onPointerMove: (event) => {
      if (Math.hypot(event.clientX - start.current.x, event.clientY - start.current.y) > SLIP_PX) cancel()
    },
    onPointerUp: cancel,
    onPointerCancel: cancel,
    // The browser's own menu would lie over ours.
    onContextMenu: (event) => event.preventDefault(),
  }
}

interface Handled {
  handles: HTMLAttributes<HTMLDivElement>
  /** The pointer or the keyboard is on the row. */
  active: boolean
  pin: (open: boolean) => void
}

/** How a row of talk answers: a bar under pointer and keyboard, a sheet after a long press. Arrow keys walk the rows. */
export function useHandles(phone: boolean, openSheet: () => void): Handled {
  const [over, setOver] = useState(false)
  const [within, setWithin] = useState(false)
  const [pinned, setPinned] = useState(false)
  const press = useLongPress(openSheet)
  if (phone) {
    const onKeyDown = (event: React.KeyboardEvent) => event.key === 'Enter' && event.target === event.currentTarget && openSheet()
    return { handles: { tabIndex: -1, 'aria-haspopup': 'dialog', ...press, onKeyDown }, active: false, pin: setPinned }
  }
  const handles: HTMLAttributes<HTMLDivElement> = {
    tabIndex: -1,
    onMouseEnter: () => setOver(true),
    onMouseLeave: () => setOver(false),
    onFocus: (event) => setWithin(event.target.matches(':focus-visible')),
    onBlur: (event) => setWithin(event.currentTarget.contains(event.relatedTarget)),
  }
  return { handles, active: over || within || pinned, pin: setPinned }
}

/** Walks the rows of talk with the arrow keys; a row's own buttons come with Tab. */
export function walkRows(event: React.KeyboardEvent<HTMLElement>): void {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key]
  const target = event.target as HTMLElement
  if (!by || (target !== event.currentTarget && !target.matches('[data-kind="talk"]'))) return
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-kind="talk"][data-seq]')]
  const here = rows.indexOf(target)
  const next = here < 0 ? rows.at(-1) : rows[here + by]
  if (!next) return
  event.preventDefault()
  next.focus()
  next.scrollIntoView({ block: 'nearest' })
}
