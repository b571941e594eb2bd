import { NativeSelect, TagsInput, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dateTime } from '../../lib/format'
import { useRest } from '../../lib/rest'
import { reasonOf } from '../../lib/words'
import { Button } from '../../ui/Button'
import { FormDialog } from '../../ui/FormDialog'
import { List } from '../../ui/List'
import { Loaded } from '../../ui/Loaded'
import { Secret } from '../../ui/Secret'
import { Block } from '../../ui/Section'
import { say } from '../../ui/toast'
import type { NewTokenView, TokenView, UserView } from '../../wire'

const DAYS = ['30', '90', '365', '0'] as const

function NewToken({ user, close, made }: { user: UserView; close: () => void; made: (token: string) => void }) {
  const { t } = useTranslation()
  const rest = useRest()
  const [label, setLabel] = useState('')
  const [sources, setSources] = useState<string[]>([])
  const [days, setDays] = useState<(typeof DAYS)[number]>('365')
  const send = async () => {
    const expires_in = days === '0' ? null : Number(days) * 24 * 3600
    const answer = await rest<NewTokenView>(`/api/users/${user.id}/tokens`, { method: 'POST', body: { label, sources, expires_in } })
    made(answer.token)
  }
  return (
    <FormDialog title={t('people.newToken')} submit={t('form.add')} close={close} send={send}>
      <TextInput size="md" label={t('people.tokenLabel')} value={label} onChange={(event) => setLabel(event.currentTarget.value)} data-autofocus />
      {user.kind === 'machine' && <TagsInput size="md" label={t('people.tokenSources')} description={t('people.tokenSourcesHint')} value={sources} onChange={setSources} />}
      <NativeSelect size="md" label={t('people.tokenLasts')} value={days} data={DAYS.map((value) => ({ value, label: t(`people.days_${value}`) }))} onChange={(event) => setDays(event.currentTarget.value as typeof days)} />
    </FormDialog>
  )
}

/** API tokens of a machine or bot. */
export function Tokens({ user }: { user: UserView }) {
  const { t, i18n } = useTranslation()
  const rest = useRest()
  const queries = useQueryClient()
  const key = ['user-tokens', user.id]
  const [adding, setAdding] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const tokens = useQuery({ queryKey: key, queryFn: () => rest<TokenView[]>(`/api/users/${user.id}/tokens`), staleTime: 0 })
  const again = () => queries.invalidateQueries({ queryKey: key })
  const revoke = useMutation({
    mutationFn: (id: string) => rest(`/api/users/${user.id}/tokens/${id}`, { method: 'DELETE' }),
    onError: (why) => say(t('people.failed', { reason: reasonOf(why, t) })),
    onSettled: again,
  })
  const when = (at: string | null, none: string) => (at ? dateTime(at, i18n.language) : none)
  const rowOf = (it: TokenView) => ({
    key: it.id,
    cells: [
      it.label || it.sources.join(', ') || t('people.unnamed'),
      when(it.last_used_at, t('people.never')),
      when(it.expires_at, t('people.noEnd')),
      <Button key="revoke" icon="remove" onClick={() => revoke.mutate(it.id)}>
        {t('people.revoke')}
      </Button>,
    ],
  })
  const add = (
    <Button icon="add" onClick={() => setAdding(true)}>
      {t('people.newToken')}
    </Button>
  )
  return (
    <Block title={t('people.tokens')} acts={add}>
      <Loaded query={tokens}>
        {(rows) => <List label={t('people.tokens')} heads={[t('people.tokenLabel'), t('account.used'), t('people.expires'), '']} rows={rows.map(rowOf)} empty={t('people.noTokens')} />}
      </Loaded>
      {adding && <NewToken user={user} close={() => setAdding(false)} made={(token) => (setSecret(token), void again())} />}
      {secret && <Secret title={t('people.newToken')} note={t('people.tokenNote')} secret={secret} close={() => setSecret(null)} />}
    </Block>
  )
}
