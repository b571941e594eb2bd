import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

/** Text needs 4.5:1 on its ground, shapes and borders 3:1 (WCAG 2.2), in all three themes. */
const TEXT = [
  ['ink-1', 'sf-2'], ['ink-1', 'bg'], ['ink-2', 'side'], ['ink-3', 'sf-2'], ['ink-3', 'bg'], ['ink-3', 'sf-3'], ['on-act', 'act'], ['link', 'sf-2'], ['link', 'sel'],
  ['on-crit', 'crit'], ['crit-ink', 'sf-2'], ['crit-ink', 'crit-wash'], ['on-high', 'high'], ['high-ink', 'high-wash'], ['on-med', 'med'], ['med-ink', 'med-wash'],
  ['on-low', 'low'], ['low-ink', 'low-wash'], ['ok', 'sf-2'], ['ok', 'ok-wash'],
] as const
const SHAPES = [['crit', 'bg'], ['high-edge', 'bg'], ['med-edge', 'bg'], ['low', 'bg'], ['line-2', 'sf-1'], ['focus', 'sf-2'], ['focus', 'bg']] as const

type Colours = Record<string, string>

const css = readFileSync(join(__dirname, 'tokens.css'), 'utf8')
const coloursIn = (block: string): Colours => Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((it) => [it[1], it[2]]))
const blocks = [...css.matchAll(/([^{}]+)\{([^{}]*)\}/g)].map((it) => ({ name: (it[1] ?? '').trim(), colours: coloursIn(it[2] ?? '') }))
const light = blocks.find((it) => it.colours.bg === '#e6e9ea')?.colours ?? {}
const dark = blocks.find((it) => it.name.endsWith('[data-mantine-color-scheme="dark"]') && !it.name.includes('contrast'))?.colours ?? {}
const contrast = blocks.find((it) => it.name.includes('[data-contrast="more"]'))?.colours ?? {}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function ratio(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

it('measures as the standard does', () => {
  expect(ratio('#ffffff', '#000000')).toBeCloseTo(21)
  expect(ratio('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
})

describe.each([['light', light], ['dark', dark], ['contrast', contrast]] as const)('%s', (_, colours) => {
  const below = (pairs: ReadonlyArray<readonly [string, string]>, floor: number) =>
    pairs.filter(([ink, ground]) => !(ratio(colours[ink] ?? '', colours[ground] ?? '') >= floor)).map(([ink, ground]) => `${ink} on ${ground}`)

  it('text can be read', () => expect(below(TEXT, 4.5)).toEqual([]))
  it('shapes and borders can be seen', () => expect(below(SHAPES, 3)).toEqual([]))
})
