import { NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queryOf } from '../../lib/api'
import { Problem } from '../../lib/problem'
import { useRest } from '../../lib/rest'
import { Button } from '../../ui/Button'
import { ErrorState } from '../../ui/EmptyState'
import { List } from '../../ui/List'
import { Secret } from '../../ui/Secret'
import { Section } from '../../ui/Section'
import type { NewUserView, UserRow } from '../../wire'
import { NewUser } from './NewUser'
import classes from './People.module.css'
import { UserDialog } from './UserDialog'

const PAGE = 50
const SHOWN = ['person', 'machine', 'bot', 'disabled', 'admin', 'lead', 'responder', 'viewer'] as const
type Shown = (typeof SHOWN)[number]

/** What a choice of the list asks the hub for. */
function filterOf(shown: Shown): Record<string, string> {
  if (shown === 'disabled') return { disabled: 'true' }
  if (shown === 'person' || shown === 'machine' || shown === 'bot') return { kind: shown }
  return { role: shown }
}

export const USERS = 'users'

function useUsers(q: string, shown: Shown) {
  const rest = useRest()
  return useInfiniteQuery({
    queryKey: [USERS, q, shown],
    queryFn: ({ pageParam }) => rest<UserRow[]>(`/api/users${queryOf({ everyone: 'true', q, limit: String(PAGE), ...filterOf(shown), ...(pageParam ? { after: pageParam } : {}) })}`),
    initialPageParam: '',
    getNextPageParam: (last) => (last.length === PAGE ? last.at(-1)?.id : undefined),
    staleTime: 0,
  })
}

interface FiltersProps {
  q: string
  setQ: (q: string) => void
  shown: Shown
  setShown: (shown: Shown) => void
}

function Filters({ q, setQ, shown, setShown }: FiltersProps) {
  const { t } = useTranslation()
  return (
    <div className={classes.filters} role="search">
      <TextInput label={t('people.find')} placeholder={t('people.findHint')} type="search" value={q} onChange={(event) => setQ(event.currentTarget.value)} />
      <NativeSelect
        label={t('people.show')}
        value={shown}
        data={SHOWN.map((value) => ({ value, label: t(`people.shown.${value}`) }))}
        onChange={(event) => setShown(event.currentTarget.value as Shown)}
      />
    </div>
  )
}

/** People 人員: who may sign in and as what; machines and bots with their tokens. */
export function PeoplePage() {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [shown, setShown] = useState<Shown>('person')
  const [q] = useDebouncedValue(typed, 250)
  const [open, setOpen] = useState<string | null>(null)
  const [adding, setAdding] = useState(false)
  const [added, setAdded] = useState<NewUserView | null>(null)
  const users = useUsers(q, shown)
  const rows = users.data?.pages.flat() ?? []
  const state = (it: UserRow) => (it.disabled_at ? t('people.disabled') : t(`people.source.${it.source ?? 'local'}`))
  const name = (it: UserRow) => (
    <button type="button" className={classes.name} onClick={() => setOpen(it.id)}>
      {it.name}
    </button>
  )
  return (
    <Section
      title={t('people.title')}
      lead={t('people.lead')}
      acts={
        <Button icon="joined" onClick={() => setAdding(true)}>
          {t('people.add')}
        </Button>
      }
    >
      <Filters q={typed} setQ={setTyped} shown={shown} setShown={setShown} />
      {users.isError && rows.length === 0 && <ErrorState text={t('state.error')} code={users.error instanceof Problem ? users.error.code : 'internal'} retry={() => void users.refetch()} />}
      {users.isSuccess && (
        <List
          label={t('people.title')}
          heads={[t('people.name'), t('people.username'), t('people.role'), t('people.state')]}
          rows={rows.map((it) => ({ key: it.id, cells: [name(it), <span key="u" className="mono">{it.username}</span>, it.role && t(`role.${it.role}`), state(it)] }))}
          empty={t('people.none')}
        />
      )}
      {users.hasNextPage && (
        <Button quiet icon="down" height={48} busy={users.isFetchingNextPage} onClick={() => void users.fetchNextPage()}>
          {t('people.more')}
        </Button>
      )}
      {open && <UserDialog id={open} close={() => setOpen(null)} />}
      {adding && <NewUser close={() => setAdding(false)} added={setAdded} />}
      {added?.password && <Secret title={t('people.temporary', { name: added.user.name })} note={t('people.temporaryNote')} secret={added.password} close={() => setAdded(null)} />}
    </Section>
  )
}
