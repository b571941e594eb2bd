import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queryOf } from '../lib/api'
import { useRest } from '../lib/rest'
import type { Person } from '../wire'

interface Props {
  label: string
  chosen: Person | null
  choose: (person: Person | null) => void
  /** Ids of those who are not offered. */
  but?: readonly string[]
}

/** One person, by a part of their name. */
export function PersonPick({ label, chosen, choose, but = [] }: Props) {
  const { t } = useTranslation()
  const rest = useRest()
  const [typed, type] = useState('')
  const [q] = useDebouncedValue(typed === chosen?.name ? '' : typed, 200)
  const found = useQuery({ queryKey: ['person-pick', q], queryFn: () => rest<Person[]>(`/api/users${queryOf({ q })}`), staleTime: 10_000 })
  const offered = (found.data ?? []).filter((it) => it.kind === 'person' && !but.includes(it.id))
  const all = chosen && !offered.some((it) => it.id === chosen.id) ? [chosen, ...offered] : offered
  return (
    <Select
      size="md"
      label={label}
      placeholder={t('form.byName')}
      data={all.map((it) => ({ value: it.id, label: it.name }))}
      value={chosen?.id ?? null}
      onChange={(id) => choose(all.find((it) => it.id === id) ?? null)}
      searchable
      clearable
      searchValue={typed}
      onSearchChange={type}
      filter={({ options }) => options}
      nothingFoundMessage={t('talk.nobody')}
    />
  )
}
