import { MantineProvider } from '@mantine/core'
import { createEvent, fireEvent, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { createRef, useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { CHEN, LIN } from '../../test/samples'
import { Composer } from './Composer'
import { EMPTY, useDraft } from './draft'
import type { Callable } from './useCalling'

interface DeskProps {
  post: (text: string) => void
  room?: string
  more?: Partial<Parameters<typeof Composer>[0]>
  callable?: Partial<Callable>
}

function Desk({ post, room = 'r', more, callable }: DeskProps) {
  const [draft, setDraft] = useDraft(`draft.u.${room}`)
  const [field] = useState(() => createRef<HTMLTextAreaElement>())
  const source: Callable = { members: [LIN], groups: ['oncall'], people: async () => [], invite: async () => true, ...callable }
  const send = (text: string) => {
    post(text)
    setDraft(EMPTY)
  }
  return (
    <MantineProvider>
      <Composer draft={draft} setDraft={setDraft} post={send} field={field} callable={source} {...more} />
    </MantineProvider>
  )
}

function open(more?: DeskProps['more'], callable?: DeskProps['callable']) {
  const post = vi.fn()
  render(<Desk post={post} more={more} callable={callable} />)
  return { post, field: screen.getByRole('textbox') as HTMLTextAreaElement }
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

  it('a picked name goes out as a token; the longer name of another member does not', async () => {
    const long = { ...LIN, id: 'u-long', name: `${LIN.name}玲` }
    const { post } = open({ draft: { text: `@${LIN.name} 和 @${long.name}`, picks: [LIN] } }, { members: [LIN, long] })
    await userEvent.click(screen.getByRole('button', { name: '送出' }))
    expect(post).toHaveBeenCalledExactlyOnceWith(`<@${LIN.id}> 和 @${long.name}`)
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

describe('calling somebody', () => {
  const HER = { ...LIN, id: '0199a7c0-0000-7000-8000-0000000000aa' }
  const options = () => screen.queryAllByRole('option').map((it) => it.getAttribute('aria-label'))

  it('`@` opens at once, also glued to Chinese; the picked name goes out as a token', async () => {
    const { post, field } = open({}, { members: [HER, CHEN] })
    await userEvent.type(field, '請@')
    expect(options()).toEqual(['林雅婷', '陳柏宇', 'oncall'])
    await userEvent.type(field, '林')
    expect(options()).toEqual(['林雅婷'])
    await userEvent.keyboard('{Enter}')
    expect(post).not.toHaveBeenCalled()
    expect(field).toHaveValue('請@林雅婷 ')
    await waitFor(() => expect(field.selectionStart).toBe(6))
    await userEvent.keyboard('看{Enter}')
    expect(post).toHaveBeenCalledExactlyOnceWith(`請<@${HER.id}> 看`)
  })

  it('arrows walk, a tap chooses, Esc closes the list and nothing else', async () => {
    const { field } = open({}, { members: [HER, CHEN] })
    await userEvent.type(field, '@{ArrowDown}')
    expect(screen.getByRole('option', { name: '陳柏宇' })).toHaveAttribute('aria-selected', 'true')
    await userEvent.keyboard('{Escape}')
    expect(options()).toEqual([])
    expect(field).toHaveFocus()
    await userEvent.type(field, '林')
    await userEvent.click(screen.getByRole('option', { name: '林雅婷' }))
    expect(field).toHaveValue('@林雅婷 ')
  })

  it('an Enter of an input method chooses nobody', async () => {
    const { field } = open({}, { members: [HER] })
    await userEvent.type(field, '@')
    key(field, { isComposing: true })
    key(field, { keyCode: 229 })
    expect(field).toHaveValue('@')
    expect(options()).toEqual(['林雅婷', 'oncall'])
  })

  it('an address calls nobody', async () => {
    const { field } = open()
    await userEvent.type(field, 'it@')
    expect(options()).toEqual([])
  })

  it('somebody outside is added first; who is not added is not called', async () => {
    const invite = vi.fn(async () => false)
    const { field } = open({}, { people: async () => [CHEN], invite })
    await userEvent.type(field, '@陳')
    await userEvent.click(await screen.findByRole('option', { name: '陳柏宇' }))
    expect(invite).toHaveBeenCalledExactlyOnceWith(CHEN)
    expect(field).toHaveValue('@陳')
    invite.mockResolvedValueOnce(true)
    await userEvent.type(field, '柏')
    await userEvent.click(await screen.findByRole('option', { name: '陳柏宇' }))
    await waitFor(() => expect(field).toHaveValue('@陳柏宇 '))
  })

  it('more than twenty are too many', () => {
    const many = Array.from({ length: 21 }, (_, n) => ({ ...CHEN, id: `u-${n}`, name: `人${String.fromCharCode(0x4e00 + n)}` }))
    const { field } = open({}, { members: many })
    fireEvent.change(field, { target: { value: many.map((it) => `@${it.name}`).join(' ') } })
    expect(screen.getByRole('alert')).toHaveTextContent('最多提及 20 個，現在 21 個')
    expect(screen.getByRole('button', { name: '送出' })).toBeDisabled()
  })
})

describe('editing', () => {
  it('stands in place of a new message: a banner, Esc cancels, Enter saves', async () => {
    const cancelEdit = vi.fn()
    const { post } = open({ cancelEdit, draft: { text: '舊的', picks: [] } })
    const field = screen.getByRole('textbox', { name: '編輯訊息' })
    expect(screen.getByText('編輯訊息')).toBeVisible()
    await userEvent.type(field, '{Escape}')
    expect(cancelEdit).toHaveBeenCalledOnce()
    await userEvent.type(field, '{Enter}')
    expect(post).toHaveBeenCalledExactlyOnceWith('舊的')
  })

  it('ArrowUp in an empty field changes my last one; in a text it moves the caret', async () => {
    const editLast = vi.fn()
    const { field } = open({ editLast })
    await userEvent.type(field, '{ArrowUp}')
    expect(editLast).toHaveBeenCalledOnce()
    await userEvent.type(field, '字{ArrowUp}')
    expect(editLast).toHaveBeenCalledOnce()
  })
})

it('says that it is being written, and when it stops', async () => {
  const [wrote, stopped] = [vi.fn(), vi.fn()]
  const { field } = open({ wrote, stopped })
  await userEvent.type(field, 'ab')
  expect(wrote).toHaveBeenCalledTimes(2)
  await userEvent.type(field, '{Backspace}{Backspace}')
  expect(stopped).toHaveBeenCalled()
  stopped.mockClear()
  fireEvent.blur(field)
  expect(stopped).toHaveBeenCalledOnce()
})

it('tells how much is left from 80 % on', () => {
  const { field } = open()
  fireEvent.change(field, { target: { value: 'a'.repeat(8191) } })
  expect(screen.queryByText(/位元組/)).toBeNull()
  fireEvent.change(field, { target: { value: 'a'.repeat(8192) } })
  expect(screen.getByText('還可以寫 2048 位元組')).toBeVisible()
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
