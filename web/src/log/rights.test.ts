import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { actsOf, type Standing } from './rights'

type Row = [Standing['hub_role'], Standing['kind'], Standing['room_role'], boolean, Standing['visibility'], Standing['status'], boolean]
const CASES = JSON.parse(readFileSync(join(import.meta.dirname, '../../../tests/data/rights.json'), 'utf8')) as Array<{ acts: string[]; standings: Row[] }>

it('browser and hub answer alike who may do what', () => {
  let asked = 0
  for (const { acts, standings } of CASES)
    for (const [hub_role, kind, room_role, my_line, visibility, status, archived] of standings) {
      expect(actsOf({ hub_role, kind, room_role, my_line, visibility, status, archived })).toEqual(acts)
      asked += 1
    }
  expect(asked).toBeGreaterThan(1000)
})
