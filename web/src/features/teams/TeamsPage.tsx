import { Checkbox } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button'
import { List } from '../../ui/List'
import { Loaded } from '../../ui/Loaded'
import { Section } from '../../ui/Section'
import { StateChip } from '../../ui/StateChip'
import type { Me, Team } from '../../wire'
import { NewTeam } from './NewTeam'
import { TeamDialog } from './TeamDialog'
import classes from './Teams.module.css'
import { linesOf, useTeams } from './useTeams'

function Rows({ teams, empty, open }: { teams: readonly Team[]; empty: string; open: (id: string) => void }) {
  const { t } = useTranslation()
  const name = (it: Team) => (
    <span key="n" className={classes.chips}>
      <button type="button" className={classes.name} onClick={() => open(it.id)}>
        {it.name}
      </button>
      {it.archived_at && <StateChip icon="shelved" look="stale" word={t('teams.archived')} />}
    </span>
  )
  const lines = (it: Team) => (
    <span key="l" className={classes.chips}>
      {it.lines.length === 0 && t('teams.wholeSite')}
      {it.lines.map((line) => (
        <StateChip key={line} word={line} />
      ))}
    </span>
  )
  const key = (it: Team) => (
    <span key="k" className="mono">
      {it.key}
    </span>
  )
  return <List label={t('teams.title')} heads={[t('teams.name'), t('teams.lines'), t('teams.people'), t('teams.key')]} rows={teams.map((it) => ({ key: it.id, cells: [name(it), lines(it), it.members, key(it)] }))} empty={empty} />
}

/** Teams 班組: who works together and on which lines; where their people come from. */
export function TeamsPage({ me }: { me: Me }) {
  const { t } = useTranslation()
  const [archived, setArchived] = useState(false)
  const [open, setOpen] = useState<string | null>(null)
  const [adding, setAdding] = useState(false)
  const teams = useTeams(archived)
  const lines = linesOf(teams.data ?? [])
  const mayAdd = me.role === 'admin'
  const add = mayAdd && (
    <Button icon="add" onClick={() => setAdding(true)}>
      {t('teams.add')}
    </Button>
  )
  return (
    <Section title={t('teams.title')} lead={t('teams.lead')} acts={add}>
      <Loaded query={teams}>{(all) => <Rows teams={all} empty={t(mayAdd ? 'teams.none' : 'teams.noneToRead')} open={setOpen} />}</Loaded>
      <Checkbox label={t('teams.showArchived')} checked={archived} onChange={(event) => setArchived(event.currentTarget.checked)} />
      {open && <TeamDialog id={open} lines={lines} close={() => setOpen(null)} />}
      {adding && <NewTeam lines={lines} close={() => setAdding(false)} added={({ team }) => setOpen(team.id)} />}
    </Section>
  )
}
