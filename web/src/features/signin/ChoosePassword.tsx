import { PasswordInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../../lib/problem'
import { Button } from '../../ui/Button'
import { Eye, inputs, Refused } from './parts'
import classes from './SignIn.module.css'

const LEAST = 10

export interface ChooseProps {
  account: string
  choose: (chosen: string) => Promise<unknown>
}

/** The password was right, but somebody else chose it: another one comes first. */
export function ChoosePassword({ account, choose }: ChooseProps) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState('')
  const [again, setAgain] = useState('')
  const [wrong, setWrong] = useState<'short' | 'differs' | null>(null)
  const [code, setCode] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    const found = chosen.length < LEAST ? 'short' : chosen === again ? null : 'differs'
    setWrong(found)
    if (found || busy) return
    setBusy(true)
    setCode(null)
    try {
      await choose(chosen)
    } catch (problem) {
      setCode(problem instanceof Problem ? problem.code : 'internal')
      setBusy(false)
    }
  }

  const field = { classNames: inputs, autoComplete: 'new-password', visibilityToggleIcon: Eye, visibilityToggleButtonProps: { 'aria-label': t('signin.show'), tabIndex: 0 } }
  return (
    <form className={classes.form} onSubmit={(event) => void submit(event)} noValidate>
      <div>
        <h1>{t('signin.chooseTitle')}</h1>
        <p className={classes.sub}>{t('signin.chooseSub', { account })}</p>
      </div>
      <input type="text" hidden readOnly autoComplete="username" value={account} />
      <PasswordInput
        {...field}
        label={t('signin.chosen')}
        autoFocus
        value={chosen}
        onChange={(event) => setChosen(event.currentTarget.value)}
        error={wrong === 'short' && t('signin.tooShort', { count: LEAST })}
      />
      <PasswordInput
        {...field}
        label={t('signin.again')}
        value={again}
        onChange={(event) => setAgain(event.currentTarget.value)}
        error={wrong === 'differs' && t('signin.differs')}
      />
      <Refused code={code} />
      <Button primary height={52} type="submit" busy={busy}>
        {t('signin.chooseSubmit')}
      </Button>
    </form>
  )
}
