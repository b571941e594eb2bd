import { NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { textIn } from '../../lib/format'
import type { CalendarTeam, NewPattern, Pattern, Preset } from '../../wire'
import { Dialog } from './Dialog'
import { dayName } from './week'

/** A roster to add; without `patternId` the pattern is a preset that has to be added first. */
export interface WantedRoster {
  team: CalendarTeam
  pattern: NewPattern
  patternId: string | null
  crew: string
  fromDay: string
}

export interface RosterFormProps {
  teams: readonly CalendarTeam[]
  patterns: readonly Pattern[]
  presets: readonly Preset[]
  today: string
  close: () => void
  save: (roster: WantedRoster) => Promise<unknown>
}

/** Patterns that are kept, then the classic ones that are not among them. */
function choicesOf(patterns: readonly Pattern[], presets: readonly Preset[]) {
  const kept = patterns.map((it) => ({ value: it.id, id: it.id as string | null, pattern: it.pattern }))
  const names = new Set(kept.map((it) => JSON.stringify(it.pattern.name)))
  const fresh = presets.filter((it) => !names.has(JSON.stringify(it.pattern.name)))
  return [...kept, ...fresh.map((it) => ({ value: it.key, id: null, pattern: it.pattern }))]
}

/** A team works as a crew of a pattern from a day on. */
export function RosterForm({ teams, patterns, presets, today, close, save }: RosterFormProps) {
  const { t, i18n } = useTranslation()
  const choices = choicesOf(patterns, presets)
  const [teamId, setTeam] = useState('')
  const [value, setValue] = useState('')
  const [crew, setCrew] = useState('')
  const [fromDay, setFromDay] = useState(today)
  const team = teams.find((it) => it.id === teamId)
  const choice = choices.find((it) => it.value === value)
  const crews = Object.keys(choice?.pattern.cycle ?? {})
  const named = choice && textIn(choice.pattern.name, i18n.language)
  const choose = (next: string) => {
    setValue(next)
    setCrew(Object.keys(choices.find((it) => it.value === next)?.pattern.cycle ?? {})[0] ?? '')
  }
  const missing = () => (!team ? t('shifts.needTeam') : !choice || !crew || !fromDay ? t('shifts.needPattern') : null)
  const add = async () => team && choice && save({ team, pattern: choice.pattern, patternId: choice.id, crew, fromDay })
  return (
    <Dialog title={t('shifts.addRoster')} close={close} missing={missing} save={add}>
      <NativeSelect size="md" label={t('shifts.team')} data={['', ...teams.map((it) => ({ value: it.id, label: it.name }))]} value={teamId} onChange={(event) => setTeam(event.currentTarget.value)} data-autofocus />
      <NativeSelect size="md" label={t('shifts.choosePattern')} data={['', ...choices.map((it) => ({ value: it.value, label: textIn(it.pattern.name, i18n.language) }))]} value={value} onChange={(event) => choose(event.currentTarget.value)} />
      <NativeSelect size="md" label={t('shifts.crew')} data={crews} value={crew} onChange={(event) => setCrew(event.currentTarget.value)} disabled={crews.length === 0} />
      <TextInput size="md" type="date" label={t('shifts.fromDay')} value={fromDay} onChange={(event) => setFromDay(event.currentTarget.value)} />
      {team && named && crew && fromDay && <p className="muted">{t('shifts.roster', { team: team.name, pattern: named, crew, day: dayName(fromDay, i18n.language) })}</p>}
    </Dialog>
  )
}
