import { PasswordInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../../lib/problem'
import { Button } from '../../ui/Button'
import { Icon } from '../../ui/Icon'
import { ChoosePassword } from './ChoosePassword'
import { Eye, inputs, Refused } from './parts'
import classes from './SignIn.module.css'

export interface SignInProps {
  signIn: (username: string, password: string) => Promise<unknown>
  /** Choose another password and sign in with it. */
  choose: (username: string, password: string, chosen: string) => Promise<unknown>
  /** Null on the first visit; else the session ended, with so many messages waiting. */
  ended: { waiting: number } | null
}

const MUST_CHOOSE = 'password_change_required'

type Missing = { account: boolean; password: boolean }

function Ended({ waiting }: { waiting: number }) {
  const { t } = useTranslation()
  return (
    <p className={classes.note} role="status">
      <Icon name="clock" size={22} />
      <span>{waiting > 0 ? t('signin.expiredWaiting', { count: waiting }) : t('signin.expired')}</span>
    </p>
  )
}

/** Account and password. The fields keep what was typed when the hub refuses. */
export function SignInForm({ signIn, choose, ended }: SignInProps) {
  const { t } = useTranslation()
  const [account, setAccount] = useState('')
  const [password, setPassword] = useState('')
  const [missing, setMissing] = useState<Missing>({ account: false, password: false })
  const [code, setCode] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    const lacks = { account: account.trim() === '', password: password === '' }
    setMissing(lacks)
    if (lacks.account || lacks.password || busy) return
    setBusy(true)
    setCode(null)
    try {
      await signIn(account.trim(), password)
    } catch (problem) {
      setCode(problem instanceof Problem ? problem.code : 'internal')
      setBusy(false)
    }
  }

  if (code === MUST_CHOOSE) return <ChoosePassword account={account.trim()} choose={(chosen) => choose(account.trim(), password, chosen)} />
  return (
    <form className={classes.form} onSubmit={(event) => void submit(event)} noValidate>
      <div>
        <h1>{t('signin.title')}</h1>
        <p className={classes.sub}>{t('signin.sub')}</p>
      </div>
      {ended && <Ended waiting={ended.waiting} />}
      <TextInput
        classNames={inputs}
        label={t('signin.account')}
        placeholder={t('signin.accountHint')}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        value={account}
        onChange={(event) => setAccount(event.currentTarget.value)}
        error={missing.account && t('signin.needAccount')}
      />
      <PasswordInput
        classNames={inputs}
        label={t('signin.password')}
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        error={missing.password && t('signin.needPassword')}
        visibilityToggleIcon={Eye}
        visibilityToggleButtonProps={{ 'aria-label': t('signin.show'), tabIndex: 0 }}
      />
      <Refused code={code} />
      <Button primary height={52} type="submit" busy={busy}>
        {t('signin.submit')}
      </Button>
    </form>
  )
}
