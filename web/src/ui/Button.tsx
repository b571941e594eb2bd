import { Button as MantineButton, type ButtonProps } from '@mantine/core'
import type { ButtonHTMLAttributes, ReactNode } from 'react'
import classes from './Button.module.css'
import { Icon, type IconName } from './Icon'

type Native = Omit<ButtonHTMLAttributes<HTMLButtonElement>, Exclude<keyof ButtonProps, 'className' | 'disabled'>>

export interface OwnProps extends Native {
  /** The one filled button of a page. */
  primary?: boolean
  quiet?: boolean
  icon?: IconName
  /** 32 desk, 36 usual, 44 band, 52 sign-in, 68 thumb bar. */
  height?: 32 | 36 | 44 | 48 | 52 | 68
  busy?: boolean
  children?: ReactNode
}

const FONT = { 32: 13, 36: 13, 44: 14, 48: 15, 52: 16, 68: 15 } as const

/** Mantine's button in the product's look. Without children it is a square and needs `aria-label`. */
export function Button({ primary, quiet, icon, height = 36, busy, children, className, ...rest }: OwnProps) {
  const size = height >= 68 ? 30 : height >= 52 ? 20 : 18
  const look = [classes.button, quiet && classes.quiet, !children && classes.square, className].filter(Boolean).join(' ')
  return (
    <MantineButton
      type="button"
      {...rest}
      variant={primary ? 'filled' : 'default'}
      className={look}
      style={{ '--h': `${height}px`, '--size': `${FONT[height]}px` } as React.CSSProperties}
      loading={busy}
      leftSection={icon && children ? <Icon name={icon} size={size} /> : undefined}
    >
      {children ?? (icon && <Icon name={icon} size={20} />)}
    </MantineButton>
  )
}
