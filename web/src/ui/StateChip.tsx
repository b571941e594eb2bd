import type { ReactNode } from 'react'
import type { Severity } from '../wire'
import classes from './StateChip.module.css'
import { Icon, type IconName } from './Icon'

export interface Chip {
  key: string
  word: string
  icon?: IconName
  /** Severity wash, plain grey, `ok` tick, outline, or the stale texture. */
  look?: Severity | 'plain' | 'ok' | 'outline' | 'stale'
}

export function StateChip({ word, icon, look = 'plain' }: Omit<Chip, 'key'>) {
  return (
    <span className={classes.chip} data-look={look}>
      {icon && <Icon name={icon} size={14} />}
      <span>{word}</span>
    </span>
  )
}

/** At most five chips; the rest is a number. */
export function Chips({ chips, children }: { chips: readonly Chip[]; children?: ReactNode }) {
  const [shown, rest] = [chips.slice(0, 5), chips.length - 5]
  return (
    <div className={classes.chips}>
      {shown.map(({ key, ...chip }) => (
        <StateChip key={key} {...chip} />
      ))}
      {rest > 0 && <StateChip word={`+${rest}`} />}
      {children}
    </div>
  )
}
