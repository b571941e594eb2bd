import { useTranslation } from 'react-i18next'
import type { Severity } from '../wire'

export const DIGIT: Record<Severity, 1 | 2 | 3 | 4 | 5> = { critical: 1, high: 2, medium: 3, low: 4, diagnostic: 5 }

/** Shape, digit and colour: any one of them is enough to read it. */
const SHAPES = {
  critical: { path: 'M7.6 1.5h8.8l6.1 6.1v8.8l-6.1 6.1H7.6l-6.1-6.1V7.6z', fill: 'crit', on: 'on-crit', edge: 'crit', y: 16.6, size: 13 },
  high: { path: 'M12 2.2 22.6 21.6H1.4z', fill: 'high', on: 'on-high', edge: 'high-edge', y: 19, size: 12 },
  medium: { path: 'M12 1.5 22.5 12 12 22.5 1.5 12z', fill: 'med', on: 'on-med', edge: 'med-edge', y: 16, size: 11.5 },
  low: { path: 'M2.5 4.5h19V13L12 22l-9.5-9z', fill: 'low', on: 'on-low', edge: 'low', y: 15.5, size: 11.5 },
  diagnostic: { path: 'M3.5 3.5h17v17h-17z', fill: '', on: 'ink-3', edge: 'ink-3', y: 16.2, size: 11.5 },
} as const

/** Severity as shape + digit + colour with its word for readers. `size` in px, at least 16. */
export function SeverityMark({ severity, size = 20, quiet }: { severity: Severity; size?: number; quiet?: boolean }) {
  const { t } = useTranslation()
  const { path, fill, on, edge, y, size: type } = SHAPES[severity]
  const spoken = quiet ? { 'aria-hidden': true } : { role: 'img', 'aria-label': t(`severity.${severity}`) }
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} style={{ flex: 'none', display: 'block' }} {...spoken}>
      <path
        d={path}
        fill={fill ? `var(--${fill})` : 'none'}
        stroke={`var(--${edge})`}
        strokeWidth={severity === 'diagnostic' ? 2 : 1.2}
        strokeLinejoin="round"
      />
      <text x="12" y={y} fontSize={type} fontWeight="700" textAnchor="middle" fill={`var(--${on})`}>
        {DIGIT[severity]}
      </text>
    </svg>
  )
}
