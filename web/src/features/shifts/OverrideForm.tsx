import { NativeSelect, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CalendarTeam, NewOverride, Person } from '../../wire'
import { Dialog } from './Dialog'
import { instantIn } from './week'

export interface OverrideFormProps {
  teams: readonly CalendarTeam[]
  zone: string
  /** The plant's date: the form starts with its day. */
  today: string
  people: (q: string) => Promise<Person[]>
  close: () => void
  save: (override: NewOverride) => Promise<unknown>
}

/** People by a part of their name. */
function usePeople(ask: OverrideFormProps['people'], q: string): Person[] {
  const [wait] = useDebouncedValue(q, 200)
  const [people, setPeople] = useState<Person[]>([])
  useEffect(() => {
    let here = true
    ask(wait).then((all) => here && setPeople(all), () => undefined)
    return () => void (here = false)
  }, [ask, wait])
  return people
}

/** Somebody of a team is away, and perhaps somebody stands in; or somebody comes extra. */
export function OverrideForm({ teams, zone, today, people, close, save }: OverrideFormProps) {
  const { t } = useTranslation()
  const [teamId, setTeam] = useState('')
  const [away, setAway] = useState('')
  const [instead, setInstead] = useState<string | null>(null)
  const [q, setQ] = useState('')
  const [starts, setStarts] = useState(`${today}T08:00`)
  const [ends, setEnds] = useState(`${today}T20:00`)
  const [reason, setReason] = useState('')
  const found = usePeople(people, q)
  const team = teams.find((it) => it.id === teamId)
  const missing = () => {
    if (!team) return t('shifts.needTeam')
    if (!away && !instead) return t('shifts.needSomebody')
    return starts && ends && starts < ends ? null : t('shifts.needTimes')
  }
  const add = () => save({ team_id: teamId, away: away || null, instead, starts: instantIn(zone, starts), ends: instantIn(zone, ends), reason: reason.trim() })
  const choose = (next: string) => {
    setTeam(next)
    setAway('')
  }
  return (
    <Dialog title={t('shifts.addOverride')} close={close} missing={missing} save={add}>
      <NativeSelect size="md" label={t('shifts.team')} data={['', ...teams.map((it) => ({ value: it.id, label: it.name }))]} value={teamId} onChange={(event) => choose(event.currentTarget.value)} data-autofocus />
      <NativeSelect size="md" label={t('shifts.whoAway')} data={[{ value: '', label: t('shifts.nobodyAway') }, ...(team?.members ?? []).map((it) => ({ value: it.id, label: it.name }))]} value={away} onChange={(event) => setAway(event.currentTarget.value)} disabled={!team} />
      <Select size="md" label={t('shifts.whoComes')} data={found.filter((it) => it.id !== away).map((it) => ({ value: it.id, label: it.name }))} value={instead} onChange={setInstead} searchable clearable searchValue={q} onSearchChange={setQ} nothingFoundMessage={t('talk.nobody')} />
      <TextInput size="md" type="datetime-local" label={t('shifts.starts')} description={t('shifts.zone', { zone })} value={starts} onChange={(event) => setStarts(event.currentTarget.value)} />
      <TextInput size="md" type="datetime-local" label={t('shifts.ends')} value={ends} onChange={(event) => setEnds(event.currentTarget.value)} />
      <TextInput size="md" label={t('shifts.reason')} maxLength={200} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
    </Dialog>
  )
}
