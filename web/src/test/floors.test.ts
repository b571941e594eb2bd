import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const SRC = resolve(__dirname, '..')
const FLOORS = ['wire', 'lib', 'ui', 'log', 'features', 'app']
const LONGEST = 250

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((it) => /\.tsx?$/.test(it) && !it.startsWith('test/'))
  .sort()

const floorOf = (path: string) => FLOORS.indexOf(path.split('/')[0] ?? '')
const featureOf = (path: string) => (path.startsWith('features/') ? path.split('/')[1] : undefined)

/** Files this one imports from the source tree, relative to it; test aids are for tests only. */
export function importsOf(path: string, source: string): string[] {
  const named = [...source.matchAll(/(?:from|import)\s+'(\.[^']+)'/g)].map((it) => it[1] ?? '')
  return named.map((it) => relative(SRC, resolve(SRC, dirname(path), it)))
}

/** Why an import is wrong, or null. A file imports its own floor and those below; features never each other. */
export function wrong(from: string, to: string): string | null {
  if (to.startsWith('test/')) return /\.test\.tsx?$/.test(from) ? null : 'test aids are for tests'
  if (floorOf(to) > floorOf(from)) return 'looks up'
  const [mine, other] = [featureOf(from), featureOf(to)]
  return mine && other && mine !== other ? 'looks beside' : null
}

describe('floors', () => {
  it('knows a wrong import when it sees one', () => {
    expect(wrong('log/fold.ts', 'app/hub')).toBe('looks up')
    expect(wrong('lib/api.ts', 'ui/Icon')).toBe('looks up')
    expect(wrong('features/room/rows.ts', 'features/rooms/describe')).toBe('looks beside')
    expect(wrong('features/room/rows.ts', 'log/outbox')).toBeNull()
    expect(importsOf('features/room/rows.ts', "import { a } from '../../log/outbox'\nimport './x.css'")).toEqual(['log/outbox', 'features/room/x.css'])
  })

  it('every file stands on a floor and imports downwards', () => {
    expect(files.length).toBeGreaterThan(40)
    const found = files.flatMap((path) =>
      importsOf(path, readFileSync(join(SRC, path), 'utf8')).flatMap((to) => (wrong(path, to) ? [`${path} → ${to}: ${wrong(path, to)}`] : [])),
    )
    expect(files.filter((it) => floorOf(it) < 0)).toEqual([])
    expect(found).toEqual([])
  })

  it('the log knows no React, but for the one file of hooks', () => {
    const react = files.filter((it) => it.startsWith('log/') && !it.startsWith('log/react.') && /from 'react|jsx/.test(readFileSync(join(SRC, it), 'utf8')))
    expect(react).toEqual([])
  })

  it(`no file is longer than ${LONGEST} lines, but what is generated`, () => {
    const long = files.filter((it) => it !== 'wire/types.ts' && !it.includes('locales/') && readFileSync(join(SRC, it), 'utf8').split('\n').length > LONGEST)
    expect(long).toEqual([])
  })
})
