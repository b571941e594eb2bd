import { Checkbox } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button'
import { FormDialog } from '../../ui/FormDialog'
import { List } from '../../ui/List'
import { PersonPick } from '../../ui/PersonPick'
import { Block } from '../../ui/Section'
import { StateChip } from '../../ui/StateChip'
import { say } from '../../ui/toast'
import { useUndo } from '../../ui/undo'
import type { Person, TeamDetail, TeamMember } from '../../wire'
import classes from './Teams.module.css'
import type { Hold } from './useTeams'

function AddMember({ people, hold, close }: { people: readonly TeamMember[]; hold: Hold; close: () => void }) {
  const { t } = useTranslation()
  const [who, choose] = useState<Person | null>(null)
  const [lead, setLead] = useState(false)
  const byHand = people.filter((it) => it.sources.includes('hand')).map((it) => it.user.id)
  const send = async () => {
    if (!who) return
    await hold.put(who.id, { lead })
    say(t('teams.added', { name: who.name }))
  }
  return (
    <FormDialog title={t('teams.addMember')} submit={t('form.add')} close={close} send={send} check={() => (who ? null : t('teams.needWho'))}>
      <PersonPick label={t('teams.who')} chosen={who} choose={choose} but={byHand} />
      <Checkbox size="md" label={t('teams.asLead')} checked={lead} onChange={(event) => setLead(event.currentTarget.checked)} />
    </FormDialog>
  )
}

/** What can be done with those who are in by hand. */
function useMembers(hold: Hold) {
  const { t } = useTranslation()
  const undo = useUndo()
  return {
    lead: ({ user }: TeamMember, lead: boolean) =>
      hold.act.mutate(async () => {
        const { people } = await hold.put(user.id, { lead })
        if (!lead && people.some((it) => it.user.id === user.id && it.lead)) say(t('teams.leadByGroup', { name: user.name }))
      }),
    remove: ({ user, lead, sources }: TeamMember) =>
      hold.act.mutate(async () => {
        await hold.remove(user.id)
        undo(t(sources.includes('directory') ? 'teams.stillByGroup' : 'teams.removed', { name: user.name }), () => hold.put(user.id, { lead }))
      }),
  }
}

/** Who is in a team, and how they came in: by hand, by a group of the directory, or both. */
export function Members({ detail: { team, people }, hold }: { detail: TeamDetail; hold: Hold }) {
  const { t } = useTranslation()
  const [adding, setAdding] = useState(false)
  const acts = useMembers(hold)
  const mine = (it: TeamMember) => team.can.members && it.sources.includes('hand')
  const lead = (it: TeamMember) =>
    mine(it) ? (
      <Checkbox key="l" aria-label={t('teams.leadOf', { name: it.user.name })} checked={it.lead} disabled={hold.act.isPending} onChange={(event) => acts.lead(it, event.currentTarget.checked)} />
    ) : (
      it.lead && <StateChip key="l" icon="check" word={t('teams.leads')} />
    )
  const sources = (it: TeamMember) => (
    <span key="s" className={classes.chips}>
      {it.sources.map((source) => (
        <StateChip key={source} look={source === 'hand' ? 'outline' : 'plain'} word={t(`teams.source.${source}`)} />
      ))}
    </span>
  )
  const way = (it: TeamMember) => mine(it) && <Button key="r" icon="left_room" aria-label={t('teams.removeOf', { name: it.user.name })} onClick={() => acts.remove(it)} />
  const add = team.can.members && (
    <Button icon="joined" onClick={() => setAdding(true)}>
      {t('teams.addMember')}
    </Button>
  )
  return (
    <Block title={t('teams.members')} acts={add}>
      <List
        label={t('teams.members')}
        heads={[t('teams.member'), t('teams.from'), t('teams.leads'), ...(team.can.members ? [''] : [])]}
        rows={people.map((it) => ({ key: it.user.id, cells: [<b key="n">{it.user.name}</b>, sources(it), lead(it), ...(team.can.members ? [way(it)] : [])] }))}
        empty={t('teams.nobody')}
      />
      {people.some((it) => !it.sources.includes('hand')) && team.can.members && <p className={classes.note}>{t('teams.byGroup')}</p>}
      {adding && <AddMember people={people} hold={hold} close={() => setAdding(false)} />}
    </Block>
  )
}
