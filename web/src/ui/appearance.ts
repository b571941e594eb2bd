import { keep } from '../lib/keep'
import { createStore, useStore } from '../lib/store'

export const APPEARANCES = ['system', 'light', 'dark', 'contrast'] as const
export type Appearance = (typeof APPEARANCES)[number]

const KEY = 'appearance'
const stored = keep.get(KEY) as Appearance
const chosen = createStore<Appearance>(APPEARANCES.includes(stored) ? stored : 'system')

/** The scheme Mantine and the tokens follow; contrast lies over dark. */
export function schemeOf(appearance: Appearance, deviceDark: boolean): 'light' | 'dark' {
  if (appearance === 'system') return deviceDark ? 'dark' : 'light'
  return appearance === 'light' ? 'light' : 'dark'
}

/** Put the choice on the page before the first paint, and after every change. */
export function showAppearance(appearance = chosen.get()): void {
  const root = document.documentElement
  const dark = window.matchMedia('(prefers-color-scheme: dark)').matches
  root.setAttribute('data-mantine-color-scheme', schemeOf(appearance, dark))
  root.setAttribute('data-contrast', appearance === 'contrast' ? 'more' : 'normal')
}

export function chooseAppearance(appearance: Appearance): void {
  keep.set(KEY, appearance === 'system' ? '' : appearance)
  chosen.set(appearance)
  showAppearance()
}

export const useAppearance = () => useStore(chosen)
