import { TagsInput, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../../lib/problem'
import { useRest } from '../../lib/rest'
import { FormDialog } from '../../ui/FormDialog'
import type { NewTeam as Wanted, TeamDetail } from '../../wire'

const KEY = /^[a-z0-9][a-z0-9._-]*$/

interface Props {
  lines: readonly string[]
  close: () => void
  added: (team: TeamDetail) => void
}

/** Add a team: its name, the key that rules use for it, and its lines. */
export function NewTeam({ lines, close, added }: Props) {
  const { t } = useTranslation()
  const rest = useRest()
  const queries = useQueryClient()
  const [team, setTeam] = useState<Required<Wanted>>({ key: '', name: '', lines: [] })
  const [taken, setTaken] = useState('')
  const set = (change: Partial<Wanted>) => setTeam((now) => ({ ...now, ...change }))
  const send = async () => {
    try {
      added(await rest<TeamDetail>('/api/teams', { method: 'POST', body: team }))
    } catch (why) {
      if (why instanceof Problem && why.code === 'conflict') setTaken(team.key)
      throw why
    }
    await queries.invalidateQueries({ queryKey: ['teams'] })
  }
  const check = () => {
    if (team.name.trim() === '') return t('teams.needName')
    return KEY.test(team.key) ? null : t('teams.keyWrong')
  }
  return (
    <FormDialog title={t('teams.add')} submit={t('form.add')} close={close} send={send} check={check}>
      <TextInput size="md" label={t('teams.name')} maxLength={128} value={team.name} onChange={(event) => set({ name: event.currentTarget.value })} data-autofocus />
      <TextInput size="md" label={t('teams.key')} description={t('teams.keyHint')} error={taken !== '' && taken === team.key && t('teams.keyTaken')} autoCapitalize="none" spellCheck={false} maxLength={64} value={team.key} onChange={(event) => set({ key: event.currentTarget.value })} />
      <TagsInput size="md" label={t('teams.lines')} description={t('teams.linesHint')} data={[...lines]} value={team.lines} onChange={(next) => set({ lines: next })} acceptValueOnBlur />
    </FormDialog>
  )
}
