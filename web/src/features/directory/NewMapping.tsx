import { NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../../ui/FormDialog'
import { say } from '../../ui/toast'
import type { NewGroupMapping, Team } from '../../wire'
import classes from './Directory.module.css'

const ROLES = ['viewer', 'responder', 'lead', 'admin'] as const

interface Props {
  teams: readonly Team[]
  close: () => void
  add: (mapping: NewGroupMapping) => Promise<unknown>
}

/** Lead a group to a role, into a team, or both. */
export function NewMapping({ teams, close, add }: Props) {
  const { t } = useTranslation()
  const [group, setGroup] = useState('')
  const [role, setRole] = useState('')
  const [team, setTeam] = useState('')
  const check = () => (group.trim() === '' ? t('directory.needGroup') : role || team ? null : t('directory.needWhere'))
  const send = async () => {
    await add({ group: group.trim(), role: (role || null) as NewGroupMapping['role'], team_id: team || null })
    say(t('directory.added', { group: group.trim() }))
  }
  return (
    <FormDialog title={t('directory.add')} submit={t('form.add')} close={close} check={check} send={send}>
      <TextInput size="md" label={t('directory.group')} description={t('directory.groupHint')} autoCapitalize="none" spellCheck={false} maxLength={256} value={group} onChange={(event) => setGroup(event.currentTarget.value)} data-autofocus />
      <NativeSelect size="md" label={t('directory.role')} data={[{ value: '', label: t('directory.noRole') }, ...ROLES.map((value) => ({ value, label: t(`role.${value}`) }))]} value={role} onChange={(event) => setRole(event.currentTarget.value)} />
      {role === 'admin' && <p className={classes.warning}>{t('directory.adminNote')}</p>}
      <NativeSelect size="md" label={t('directory.team')} data={[{ value: '', label: t('directory.noTeam') }, ...teams.map((it) => ({ value: it.id, label: it.name }))]} value={team} onChange={(event) => setTeam(event.currentTarget.value)} />
    </FormDialog>
  )
}
