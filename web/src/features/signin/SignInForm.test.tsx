import { MantineProvider } from '@mantine/core'
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { Problem } from '../../lib/problem'
import { SignInForm } from './SignInForm'

function open(signIn: (username: string, password: string) => Promise<unknown>, ended: { waiting: number } | null = null, choose = vi.fn(async () => undefined as unknown)) {
  render(
    <MantineProvider>
      <SignInForm signIn={signIn} choose={choose} ended={ended} />
    </MantineProvider>,
  )
}

const account = () => screen.getByRole('textbox', { name: '帳號' })
const password = () => screen.getByLabelText('密碼')

it('signs in with account and password, by Enter', async () => {
  const signIn = vi.fn(async () => undefined)
  open(signIn)
  expect(account()).toHaveFocus()
  await userEvent.type(account(), ' chen ')
  await userEvent.type(password(), 'secret{Enter}')
  expect(signIn).toHaveBeenCalledExactlyOnceWith('chen', 'secret')
})

it('says which field is missing, without asking the hub', async () => {
  const signIn = vi.fn(async () => undefined)
  open(signIn)
  await userEvent.click(screen.getByRole('button', { name: '登入' }))
  expect(screen.getByText('輸入帳號')).toBeVisible()
  expect(screen.getByText('輸入密碼')).toBeVisible()
  expect(signIn).not.toHaveBeenCalled()
})

it.each([
  [new Problem('invalid_credentials', 401, ''), '帳號或密碼不對'],
  [new Problem('offline', 0, ''), '連不上，檢查網路後再試'],
  [new Problem('something_new', 418, ''), '沒有成功：something_new'],
])('%o is told in words and keeps what was typed', async (problem, words) => {
  open(vi.fn(async () => Promise.reject(problem)))
  await userEvent.type(account(), 'chen')
  await userEvent.type(password(), 'wrong{Enter}')
  expect(await screen.findByRole('alert')).toHaveTextContent(words)
  expect(account()).toHaveValue('chen')
  expect(screen.getByRole('button', { name: '登入' })).toBeEnabled()
})

it('a password somebody else chose is changed before anything else', async () => {
  const choose = vi.fn(async (): Promise<unknown> => undefined).mockRejectedValueOnce(new Problem('password_weak', 422, ''))
  open(vi.fn(async () => Promise.reject(new Problem('password_change_required', 401, ''))), null, choose)
  await userEvent.type(account(), 'chen')
  await userEvent.type(password(), 'k7mq-x2vf{Enter}')
  expect(await screen.findByRole('heading', { name: '設定自己的密碼' })).toBeVisible()
  const [chosen, again] = [screen.getByLabelText('新密碼'), screen.getByLabelText('再輸入一次')]
  expect(chosen).toHaveFocus()
  await userEvent.type(chosen, 'short{Enter}')
  expect(screen.getByText('至少 10 個字元')).toBeVisible()
  await userEvent.type(chosen, ' but longer')
  await userEvent.type(again, 'another one{Enter}')
  expect(screen.getByText('兩次輸入不一樣')).toBeVisible()
  expect(choose).not.toHaveBeenCalled()
  await userEvent.clear(again)
  await userEvent.type(again, 'short but longer{Enter}')
  expect(await screen.findByRole('alert')).toHaveTextContent('太容易猜')
  await userEvent.click(screen.getByRole('button', { name: '儲存並登入' }))
  expect(choose).toHaveBeenLastCalledWith('chen', 'k7mq-x2vf', 'short but longer')
})

it('after the session ended it tells what waits', () => {
  open(vi.fn(), { waiting: 2 })
  expect(screen.getByRole('status')).toHaveTextContent('再登入一次就會送出 2 則待送')
})
