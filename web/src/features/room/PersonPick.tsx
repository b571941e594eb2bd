import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queryOf } from '../../lib/api'
import { useRest } from '../../lib/rest'
import type { Person } from '../../wire'

interface Props {
  label: string
  value: Person | null
  choose: (person: Person | null) => void
  /** Shown before anything is typed, and first among those found. */
  first?: readonly Person[]
  /** Ids of those who are not offered. */
  without?: readonly string[]
  required?: boolean
}

/** Somebody of the whole site, found by a part of their name or account. */
export function PersonPick({ label, value, choose, first = [], without = [], required }: Props) {
  const { t } = useTranslation()
  const rest = useRest()
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(value ? '' : typed.trim(), 200)
  const { data } = useQuery({ queryKey: ['users', 'pick', q], queryFn: () => rest<Person[]>(`/api/users${queryOf({ q })}`), staleTime: 0 })
  const fits = (it: Person) => it.name.toLowerCase().includes(q.toLowerCase())
  const found = [...(value ? [value] : []), ...first.filter(fits), ...(data ?? [])]
  const all = found.filter((it, n) => !without.includes(it.id) && found.findIndex((other) => other.id === it.id) === n)
  return (
    <Select
      size="md"
      label={label}
      placeholder={t('members.find')}
      required={required}
      searchable
      clearable
      data={all.map((it) => ({ value: it.id, label: it.name }))}
      filter={({ options }) => options}
      value={value?.id ?? null}
      onChange={(id) => choose(all.find((it) => it.id === id) ?? null)}
      searchValue={typed}
      onSearchChange={setTyped}
      nothingFoundMessage={t('talk.nobody')}
    />
  )
}
