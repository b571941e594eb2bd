import { SegmentedControl, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { serverNow } from '../../lib/clock'
import { useRest } from '../../lib/rest'
import { FormDialog } from '../../ui/FormDialog'
import type { Member, Person, Team } from '../../wire'
import { useView } from './context'
import classes from './Dialogs.module.css'
import { fieldTime } from './fieldTime'
import { PersonPick } from './PersonPick'
import { useCalls } from './useCalls'

type Kind = 'person' | 'team' | 'guest'

const KINDS: readonly Kind[] = ['person', 'team', 'guest']
const SHIFT_MS = 8 * 3600_000

function TeamPick({ value, choose }: { value: string | null; choose: (id: string | null) => void }) {
  const { t } = useTranslation()
  const rest = useRest()
  const { data } = useQuery({ queryKey: ['teams'], queryFn: () => rest<Team[]>('/api/teams'), staleTime: 60_000 })
  const teams = (data ?? []).map((it) => ({ value: it.id, label: t('members.teamOf', { name: it.name, count: it.members }) }))
  return <Select size="md" label={t('members.team')} required searchable data={teams} value={value} onChange={choose} nothingFoundMessage={t('members.noTeam')} />
}

/** Somebody, everybody of a team, or a guest who is out by themselves after a time. */
export function AddMemberDialog({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const { members, can } = useView().snapshot
  const { call } = useCalls()
  const [kind, setKind] = useState<Kind>('person')
  const [person, setPerson] = useState<Person | null>(null)
  const [team, setTeam] = useState<string | null>(null)
  const [role, setRole] = useState<string>('responder')
  const [until, setUntil] = useState(() => fieldTime(serverNow() + SHIFT_MS))
  const roles = (can.includes('change_role') ? ['lead', 'responder', 'viewer'] : ['responder', 'viewer']) as Array<'lead'>
  const check = () => {
    if (kind === 'team') return team ? null : t('members.needTeam')
    if (!person) return t('members.needPerson')
    return kind === 'guest' && until && Date.parse(until) <= serverNow() ? t('members.needLater') : null
  }
  const send = () => {
    if (kind === 'team') return call('/members', 'POST', { team_id: team, role })
    if (kind === 'person') return call('/members', 'POST', { user_id: person?.id, role })
    return call('/members', 'POST', { user_id: person?.id, role: 'guest', ...(until ? { until: new Date(until).toISOString() } : {}) })
  }
  return (
    <FormDialog title={t('members.add')} submit={t('form.add')} close={close} check={check} send={send}>
      <SegmentedControl fullWidth size="md" aria-label={t('members.kind')} data={KINDS.map((value) => ({ value, label: t(`members.kinds.${value}`) }))} value={kind} onChange={(value) => setKind(value as Kind)} />
      {kind === 'team' ? <TeamPick value={team} choose={setTeam} /> : <PersonPick label={t('members.person')} required value={person} choose={setPerson} without={members.map((it) => it.user.id)} />}
      {kind === 'guest' ? (
        <TextInput size="md" type="datetime-local" label={t('members.guestUntil')} description={t('members.guestText')} min={fieldTime(serverNow())} value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
      ) : (
        <Select size="md" label={t('members.role')} data={roles.map((value) => ({ value, label: t(`roomRole.${value}`) }))} value={role} onChange={(value) => value && setRole(value)} allowDeselect={false} />
      )}
    </FormDialog>
  )
}

/** What is asked before it is done, and of whom. */
export interface Asked {
  what: 'transfer' | 'remove' | 'leave'
  member: Member
}

/** Handing over, removing and leaving say what comes of them. */
export function AskDialog({ asked: { what, member }, close }: { asked: Asked; close: () => void }) {
  const { t } = useTranslation()
  const { room } = useView().snapshot
  const { call } = useCalls()
  const { id, name } = member.user
  const send = () => (what === 'transfer' ? call('/owner', 'POST', { user_id: id }) : call(`/members/${id}`, 'DELETE'))
  const former = what === 'transfer' && room.owner ? t('members.transferFormer', { name: room.owner.name }) : ''
  const closed = what !== 'transfer' && room.visibility === 'members' ? t('members.removeBlind') : ''
  return (
    <FormDialog title={t(`members.${what}Title`, { name })} submit={t(`members.${what}`)} close={close} send={send}>
      <p className={classes.note}>
        {t(`members.${what}Text`, { name })} {former}
        {closed}
      </p>
    </FormDialog>
  )
}
