import { act, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { useStore } from '../lib/store'
import { createRoomLogs, type RoomLogs } from '../log/rooms'
import { joined } from '../log/stretch'
import { logDeps } from '../test/logs'
import { event, message, ROOM, snapshot } from '../test/samples'
import type { MessagePage } from '../wire'
import { rowOf, useJump } from './jump'

const talk = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => message(from + n))
const page = (from: number, to: number): MessagePage => ({ messages: talk(from, to), before: from > 1 ? from : null, after: to })
const NEWEST = snapshot({ as_of_seq: 300, messages: talk(201, 300) })

const byOf = () => ({ around: vi.fn(async () => page(40, 60)), older: vi.fn(async () => page(30, 39)), newer: vi.fn(async () => page(61, 110)) })

async function talkOf(by: Partial<ReturnType<typeof byOf>>, now = NEWEST) {
  const logs = createRoomLogs(logDeps({ snapshot: async () => now, ...by }))
  await act(async () => void logs.open(ROOM))
  return logs
}

/** The least a room page does with a jump: its rows, and a button at each end. */
function Talk({ at, logs }: { at?: number; logs: RoomLogs }) {
  const log = useStore(logs.state(ROOM))
  const jump = useJump(ROOM, at, log, logs)
  const newest = log.snapshot?.messages ?? []
  const shown = jump.waiting ? [] : jump.stretch ? joined(jump.stretch, newest).messages : newest
  return (
    <>
      <button type="button" onClick={() => void jump.older()}>older</button>
      {shown.map((it) => (
        <p key={it.seq} data-seq={it.seq} data-kind="talk">
          {it.content}
        </p>
      ))}
      <button type="button" onClick={() => void jump.newer()}>newer</button>
    </>
  )
}
const seqs = () => [...document.querySelectorAll<HTMLElement>('[data-seq]')].map((it) => Number(it.dataset.seq))
const scrolled = () => {
  const into = vi.fn()
  Element.prototype.scrollIntoView = into
  return into
}

it('a message among the newest is pointed at, and nothing more is read', async () => {
  const [by, into] = [byOf(), scrolled()]
  render(<Talk at={250} logs={await talkOf(by)} />)
  expect(by.around).not.toHaveBeenCalled()
  expect(into.mock.contexts[0]).toBe(screen.getByText('第 250 則'))
  expect(screen.getByText('第 250 則')).toHaveAttribute('data-jumped')
})

it('an earlier one is read with what stands around it; both ends grow', async () => {
  const [by, into] = [byOf(), scrolled()]
  const logs = await talkOf(by)
  await act(async () => void render(<Talk at={50} logs={logs} />))
  expect(by.around).toHaveBeenCalledExactlyOnceWith(ROOM, 50)
  expect(into.mock.contexts[0]).toBe(screen.getByText('第 50 則'))
  await userEvent.click(screen.getByRole('button', { name: 'older' }))
  await userEvent.click(screen.getByRole('button', { name: 'newer' }))
  expect(by.older).toHaveBeenCalledExactlyOnceWith(ROOM, 40)
  expect(by.newer).toHaveBeenCalledExactlyOnceWith(ROOM, 60)
  expect(seqs()).toEqual(talk(30, 110).map((it) => it.seq))
})

it('without a jump, or when it fails, the newest are shown', async () => {
  scrolled()
  const by = { around: vi.fn(async () => Promise.reject(new Error('offline'))) }
  const logs = await talkOf(by)
  const { rerender } = render(<Talk logs={logs} />)
  expect(by.around).not.toHaveBeenCalled()
  await act(async () => rerender(<Talk at={50} logs={logs} />))
  expect(by.around).toHaveBeenCalledOnce()
  expect(seqs()).toEqual(talk(201, 300).map((it) => it.seq))
})

it('a message deleted since is not read in the stretch any more, and the page stays where it is', async () => {
  const [by, into] = [byOf(), scrolled()]
  const logs = await talkOf(by)
  await act(async () => void render(<Talk at={50} logs={logs} />))
  act(() => logs.event({ op: 'event', ...event(301, 'MessageDeleted', { message_id: 'm-51' }) }))
  expect(screen.queryByText('第 51 則')).toBeNull()
  expect(into).toHaveBeenCalledOnce()
})

it('a stretch that reaches the newest becomes one talk with them, each message once', () => {
  const { messages, whole } = joined({ messages: talk(180, 229), before: 180, after: 229 }, NEWEST.messages)
  expect([whole, messages.map((it) => it.seq)]).toEqual([true, talk(180, 300).map((it) => it.seq)])
  expect(joined({ messages: talk(40, 60), before: 40, after: 60 }, NEWEST.messages)).toEqual({ messages: talk(40, 60), whole: false })
})

it('rows drawn as one are found by the seq of any of them', async () => {
  render(<Talk logs={await talkOf({}, snapshot({ messages: [message(3), message(9)] }))} />)
  expect([rowOf(document, 9), rowOf(document, 7), rowOf(document, 1)]).toEqual([screen.getByText('第 9 則'), screen.getByText('第 3 則'), null])
})
