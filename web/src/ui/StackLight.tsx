import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './StackLight.module.css'

export type Lit = 1 | 2 | 3 | 4 | 5 | null

const FILLS = ['#c5162e', '#f08a24', '#f3c91f'] as const
const GREY = '#98a2a8'

/** Which of the three segments shines; lower severities leave it dark. */
export const segmentOf = (lit: Lit): 0 | 1 | 2 | null => (lit !== null && lit <= 3 ? ((lit - 1) as 0 | 1 | 2) : null)

/** The mark of the product: a stack light whose lit segment is the worst open severity. */
export function StackLight({ lit }: { lit: Lit }) {
  const on = segmentOf(lit)
  return (
    <span className={classes.lamp} aria-hidden="true">
      {[0, 1, 2].map((n) => (
        <i key={n} data-on={n === on ? n + 1 : undefined} />
      ))}
    </span>
  )
}

export function Brand({ lit, compact }: { lit: Lit; compact?: boolean }) {
  const { t } = useTranslation()
  return (
    <div className={classes.brand}>
      <StackLight lit={lit} />
      <span className={compact ? 'visually-hidden' : undefined}>{t('app.name')}</span>
    </div>
  )
}

export function faviconOf(lit: Lit): string {
  const on = segmentOf(lit)
  const segment = (n: number) => `<rect x='9' y='${3 + n * 9.500}' width='14' height='7.500' rx='2' fill='${n === on ? FILLS[n] : GREY}'/>`
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>${[0, 1, 2].map(segment).join('')}</svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

/** The tab shows the same light as the page. */
export function useFavicon(lit: Lit): void {
  useEffect(() => {
    document.querySelector<HTMLLinkElement>('link[rel=icon]')?.setAttribute('href', faviconOf(lit))
  }, [lit])
}
