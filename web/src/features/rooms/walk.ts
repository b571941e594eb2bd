import { useHotkeys } from '@mantine/hooks'
import type { RefObject } from 'react'

/** j and k walk the rooms of the page, Enter opens. */
export function useWalk(page: RefObject<HTMLElement | null>): void {
  const walk = (by: number) => () => {
    const links = [...(page.current?.querySelectorAll<HTMLElement>('li a') ?? [])]
    const here = links.indexOf(document.activeElement as HTMLElement)
    links[Math.max(0, Math.min(links.length - 1, here + by))]?.focus()
  }
  useHotkeys([['j', walk(1)], ['k', walk(-1)]])
}
