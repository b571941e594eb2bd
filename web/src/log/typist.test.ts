import { expect, it } from 'vitest'
import { createTypist, REPEAT_MS } from './typist'

it('says once that I write, again after 3 s, and once that I stopped', () => {
  const said: Array<[number, boolean]> = []
  const clock = { now: 0 }
  const typist = createTypist({ say: (active) => said.push([clock.now, active]), now: () => clock.now })
  typist.stopped()
  for (clock.now = 0; clock.now <= 2 * REPEAT_MS; clock.now += 500) typist.wrote()
  clock.now = 7000
  typist.stopped()
  typist.stopped()
  typist.wrote()
  expect(said).toEqual([[0, true], [3000, true], [6000, true], [7000, false], [7000, true]])
})
