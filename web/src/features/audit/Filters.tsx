import { TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Asked } from './asked'
import classes from './Audit.module.css'

/** The fields one looks by; what is typed is asked for when the hand rests. */
export function Filters({ asked, ask }: { asked: Asked; ask: (next: Asked) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(asked)
  const later = useDebouncedCallback(ask, 300)
  const field = (name: keyof Asked) => ({
    label: t(`audit.${name}`),
    value: typed[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => {
      const next = { ...typed, [name]: event.currentTarget.value }
      setTyped(next)
      later(next)
    },
  })
  return (
    <div className={classes.filters} role="search">
      <TextInput {...field('text')} placeholder={t('audit.textHint')} type="search" />
      <TextInput {...field('action')} placeholder="signed_in" />
      <TextInput {...field('from')} type="date" />
      <TextInput {...field('to')} type="date" />
    </div>
  )
}
