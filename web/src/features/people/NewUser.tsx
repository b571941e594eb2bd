import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRest } from '../../lib/rest'
import { FormDialog } from '../../ui/FormDialog'
import type { NewAccount, NewUserView } from '../../wire'
import { ROLES } from './roles'

const KINDS = ['person', 'machine', 'bot'] as const

/** Add a local account: no mailbox needed; a person gets a temporary password, told once. */
export function NewUser({ close, added }: { close: () => void; added: (user: NewUserView) => void }) {
  const { t } = useTranslation()
  const rest = useRest()
  const queries = useQueryClient()
  const [account, setAccount] = useState<NewAccount>({ username: '', name: '', kind: 'person', role: 'responder', kiosk: false })
  const set = (change: Partial<NewAccount>) => setAccount((now) => ({ ...now, ...change }))
  const send = async () => {
    added(await rest<NewUserView>('/api/users', { method: 'POST', body: account }))
    await queries.invalidateQueries({ queryKey: ['users'] })
  }
  const check = () => (account.name.trim() === '' || account.username.trim() === '' ? t('people.needName') : null)
  return (
    <FormDialog title={t('people.add')} submit={t('form.add')} close={close} send={send} check={check}>
      <TextInput size="md" label={t('people.name')} value={account.name} onChange={(event) => set({ name: event.currentTarget.value })} data-autofocus />
      <TextInput size="md" label={t('people.username')} description={t('people.usernameHint')} autoCapitalize="none" spellCheck={false} value={account.username} onChange={(event) => set({ username: event.currentTarget.value })} />
      <NativeSelect size="md" label={t('people.kind')} value={account.kind} data={KINDS.map((value) => ({ value, label: t(`people.shown.${value}`) }))} onChange={(event) => set({ kind: event.currentTarget.value as NewAccount['kind'] })} />
      <NativeSelect size="md" label={t('people.role')} value={account.role} data={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))} onChange={(event) => set({ role: event.currentTarget.value as NewAccount['role'] })} />
      {account.kind === 'person' && <Checkbox size="md" label={t('people.kiosk')} checked={account.kiosk} onChange={(event) => set({ kiosk: event.currentTarget.checked })} />}
    </FormDialog>
  )
}
