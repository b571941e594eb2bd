import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRest } from '../../lib/rest'
import { Button } from '../../ui/Button'
import { List } from '../../ui/List'
import { Loaded } from '../../ui/Loaded'
import { Block, Section } from '../../ui/Section'
import { sayFailed, useUndo } from '../../ui/undo'
import type { DirectoryStatus, GroupMapping, NewGroupMapping, Team } from '../../wire'
import classes from './Directory.module.css'
import { NewMapping } from './NewMapping'
import { State } from './State'

const LOOK_MS = 10_000

function useMappings() {
  const { t } = useTranslation()
  const rest = useRest()
  const queries = useQueryClient()
  const undo = useUndo()
  const key = ['directory-mappings']
  const again = () => queries.invalidateQueries({ queryKey: key })
  const add = async (body: NewGroupMapping) => {
    await rest<GroupMapping>('/api/directory/mappings', { method: 'POST', body })
    await again()
  }
  const remove = useMutation({
    mutationFn: async ({ id, group, role, team_id }: GroupMapping) => {
      await rest(`/api/directory/mappings/${id}`, { method: 'DELETE' })
      undo(t('directory.removed', { group }), () => add({ group, role, team_id }))
    },
    onError: (why) => sayFailed(why, t),
    onSettled: again,
  })
  return { list: useQuery({ queryKey: key, queryFn: () => rest<GroupMapping[]>('/api/directory/mappings'), staleTime: 0 }), add, remove }
}

/** Which groups lead where; those of the settings are shown and stay. */
function Mappings() {
  const { t } = useTranslation()
  const rest = useRest()
  const [adding, setAdding] = useState(false)
  const { list, add, remove } = useMappings()
  const teams = useQuery({ queryKey: ['teams', false], queryFn: () => rest<Team[]>('/api/teams'), staleTime: 0 }).data ?? []
  const teamOf = (it: GroupMapping) => teams.find((team) => team.id === it.team_id)?.name ?? it.team_key ?? '—'
  const way = (it: GroupMapping) => (it.can_delete ? <Button key="r" icon="remove" disabled={remove.isPending} aria-label={t('directory.removeOf', { group: it.group })} onClick={() => remove.mutate(it)} /> : null)
  const rowOf = (it: GroupMapping, place: number) => ({
    key: it.id ?? `settings ${place}`,
    cells: [<b key="g" className="mono">{it.group}</b>, it.role ? t(`role.${it.role}`) : '—', teamOf(it), t(`directory.sources.${it.source}`), way(it)],
  })
  const acts = (
    <Button icon="add" onClick={() => setAdding(true)}>
      {t('directory.add')}
    </Button>
  )
  const heads = [t('directory.group'), t('directory.role'), t('directory.team'), t('directory.source'), '']
  return (
    <Block title={t('directory.mappings')} acts={acts}>
      <p className={classes.note}>{t('directory.mappingsHint')}</p>
      <Loaded query={list}>{(all) => <List label={t('directory.mappings')} heads={heads} rows={all.map(rowOf)} empty={t('directory.none')} />}</Loaded>
      {adding && <NewMapping teams={teams} close={() => setAdding(false)} add={add} />}
    </Block>
  )
}

/** Directory 公司目錄: how the looks at it go, and which group leads to which role and team. */
export function DirectoryPage() {
  const { t } = useTranslation()
  const rest = useRest()
  const status = useQuery({ queryKey: ['directory'], queryFn: () => rest<DirectoryStatus>('/api/directory'), staleTime: 0, refetchInterval: LOOK_MS })
  return (
    <Section title={t('directory.title')} lead={t('directory.lead')}>
      <Loaded query={status}>{(it) => <State status={it} />}</Loaded>
      <Mappings />
    </Section>
  )
}
