import { MantineProvider } from '@mantine/core'
import { createEvent, fireEvent, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { createRef, useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { Composer, useDraft } from './Composer'

function Desk({ post, room = 'r' }: { post: (text: string) => void; room?: string }) {
  const [text, setText] = useDraft(`draft.u.${room}`)
  const [field] = useState(() => createRef<HTMLTextAreaElement>())
  return (
    <MantineProvider>
      <Composer text={text} setText={setText} post={post} field={field} />
    </MantineProvider>
  )
}

function open() {
  const post = vi.fn()
  render(<Desk post={post} />)
  return { post, field: screen.getByRole('textbox', { name: '訊息' }) as HTMLTextAreaElement }
}

/** A key as a browser delivers it: with the code 229 and the composing flag where an input method has it. */
function key(field: HTMLElement, init: KeyboardEventInit & { keyCode?: number }, stamp?: number) {
  const event = createEvent.keyDown(field, { key: 'Enter', keyCode: 13, ...init })
  if (stamp !== undefined) Object.defineProperty(event, 'timeStamp', { value: stamp })
  fireEvent(field, event)
}

function endComposition(field: HTMLElement, stamp: number) {
  const event = createEvent.compositionEnd(field, { data: '溫' })
  Object.defineProperty(event, 'timeStamp', { value: stamp })
  fireEvent(field, event)
}

describe('Enter', () => {
  it('sends and empties the field; Shift+Enter breaks the line', async () => {
    const { post, field } = open()
    await userEvent.type(field, '進板已停{Shift>}{Enter}{/Shift}6 片{Enter}')
    expect(post).toHaveBeenCalledExactlyOnceWith('進板已停\n6 片')
    expect(field).toHaveValue('')
  })

  it('never sends while characters are being chosen', () => {
    const { post, field } = open()
    fireEvent.change(field, { target: { value: '超ㄨㄣ' } })
    key(field, { isComposing: true })
    key(field, { keyCode: 229 })
    expect(post).not.toHaveBeenCalled()
  })

  it('nor for the very key that ended the composition; the next one sends', () => {
    const { post, field } = open()
    fireEvent.change(field, { target: { value: '超溫' } })
    endComposition(field, 5000)
    key(field, {}, 5004)
    expect(post).not.toHaveBeenCalled()
    fireEvent.keyUp(field, { key: 'Enter' })
    key(field, {}, 5050)
    expect(post).toHaveBeenCalledExactlyOnceWith('超溫')
  })
})

describe('the draft', () => {
  it('survives a reload, is kept per room, and is gone when sent', async () => {
    const { field } = open()
    await userEvent.type(field, '還沒寫完')
    const later = render(<Desk post={vi.fn()} />)
    expect(later.getAllByRole('textbox').at(-1)).toHaveValue('還沒寫完')
    const other = render(<Desk post={vi.fn()} room="other" />)
    expect(other.getAllByRole('textbox').at(-1)).toHaveValue('')
    await userEvent.type(field, '{Enter}')
    expect(localStorage.getItem('andon.draft.u.r')).toBeNull()
  })
})

it('nothing empty and nothing over 10 KB leaves; it says why', async () => {
  const { post, field } = open()
  expect(screen.getByRole('button', { name: '送出' })).toBeDisabled()
  await userEvent.type(field, '   {Enter}')
  fireEvent.change(field, { target: { value: '溫'.repeat(3500) } })
  expect(screen.getByRole('alert')).toHaveTextContent('10 KB')
  key(field, {})
  expect(post).not.toHaveBeenCalled()
})
