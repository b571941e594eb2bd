import { MantineProvider } from '@mantine/core'
import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { Problem } from '../../lib/problem'
import { CHEN, LIN } from '../../test/samples'
import type { Broadcast, NewBroadcast } from '../../wire'
import { BroadcastBanner } from './BroadcastBanner'
import { BroadcastForm } from './BroadcastForm'

const word = (id: string, text: string, severity: Broadcast['severity'] = 'medium'): Broadcast => {
  const now = Date.now()
  return { id, scope: 'everybody', text, severity, sender: LIN, created_at: new Date(now).toISOString(), expires_at: new Date(now + 3_600_000).toISOString() }
}

describe('on top of every page', () => {
  it('stands the worst, with its sender and the way to the others; 知道了 tells that I have seen it', async () => {
    const seen = vi.fn()
    render(
      <MantineProvider>
        <BroadcastBanner broadcasts={[word('a', '十點停電 <b>10 分</b>'), word('b', '全員撤離', 'critical')]} seen={seen} />
      </MantineProvider>,
    )
    const banner = within(screen.getByRole('region', { name: '廣播' }))
    expect(banner.getAllByRole('listitem')).toHaveLength(1)
    expect(banner.getByRole('listitem')).toHaveTextContent('全員撤離林雅婷，')
    expect(banner.getByRole('img', { name: '緊急' })).toBeInTheDocument()
    await userEvent.click(banner.getByRole('button', { name: '還有 1 則' }))
    expect(banner.getAllByRole('listitem')[1]).toHaveTextContent('十點停電 <b>10 分</b>')
    await userEvent.click(banner.getAllByRole('button', { name: '知道了' })[0] as HTMLElement)
    expect(seen).toHaveBeenCalledExactlyOnceWith('b')
  })

  it('nothing to say takes no place', () => {
    const { container } = render(
      <MantineProvider>
        <BroadcastBanner broadcasts={[{ ...word('a', 'x'), seen_at: new Date().toISOString() }]} seen={() => undefined} />
      </MantineProvider>,
    )
    expect(container.querySelector('section')).toBeNull()
  })
})

describe('the form', () => {
  function open(send: (body: NewBroadcast) => Promise<unknown> = async () => undefined) {
    const close = vi.fn()
    const sent = vi.fn(send)
    render(
      <MantineProvider env="test">
        <BroadcastForm close={close} lines={['SMT-3', 'SMT-4']} rooms={[{ id: 'r-1', name: 'INC-000142 RO-03' }]} people={async () => [CHEN]} send={sent} />
      </MantineProvider>,
    )
    return { close, sent }
  }
  const write = async (text: string) => userEvent.type(await screen.findByRole('textbox', { name: '內容' }), text)
  const choose = (field: string, option: string) => userEvent.selectOptions(screen.getByRole('combobox', { name: field }), option)
  const submit = () => userEvent.click(screen.getByRole('button', { name: '送出廣播' }))

  it('says what is missing', async () => {
    const { sent } = open()
    await write(' ')
    await submit()
    expect(screen.getByRole('alert')).toHaveTextContent('寫一句話')
    await write('停電')
    await choose('給誰', '一條產線')
    await submit()
    expect(screen.getByRole('alert')).toHaveTextContent('選一個對象')
    expect(sent).not.toHaveBeenCalled()
  })

  it('sends to everybody for eight hours unless told otherwise', async () => {
    const { sent, close } = open()
    await write('十點停電')
    await submit()
    expect(sent).toHaveBeenCalledExactlyOnceWith({ scope: 'everybody', text: '十點停電', severity: 'medium', expires_in: 28_800 })
    expect(close).toHaveBeenCalledOnce()
  })

  it('to one person, urgently, for an hour', async () => {
    const { sent } = open()
    await write('回電')
    await choose('給誰', '一個人')
    await userEvent.click(screen.getByRole('combobox', { name: '姓名' }))
    await userEvent.click(await screen.findByRole('option', { name: '陳柏宇' }))
    await choose('嚴重度', '緊急')
    await choose('多久後收起', '1 小時')
    await submit()
    expect(sent).toHaveBeenCalledExactlyOnceWith({ scope: 'person', user_id: CHEN.id, text: '回電', severity: 'critical', expires_in: 3600 })
  })

  it('a refusal keeps what was written and says why', async () => {
    const { close } = open(async () => Promise.reject(new Problem('forbidden', 403, '')))
    await write('停電')
    await submit()
    expect(await screen.findByRole('alert')).toHaveTextContent('你的角色不能做這件事')
    expect(screen.getByRole('textbox', { name: '內容' })).toHaveValue('停電')
    expect(close).not.toHaveBeenCalled()
  })
})
