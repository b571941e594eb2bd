import { useMediaQuery } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { OverrideForm } from '../features/shifts/OverrideForm'
import { RosterForm, type WantedRoster } from '../features/shifts/RosterForm'
import { ShiftsPage } from '../features/shifts/ShiftsPage'
import { linesIn, mondayOf, type WeekAddress } from '../features/shifts/week'
import { useToday } from '../lib/clock'
import { Problem } from '../lib/problem'
import { reasonOf } from '../lib/words'
import { Button } from '../ui/Button'
import { say } from '../ui/toast'
import type { NewOverride, Override } from '../wire'
import { useHub } from './context'

const PHONE = '(max-width: 47.99em)'
const MINUTE_MS = 60_000

/** What the page reads; who is on shift is asked again each minute. */
function useShifts({ from, line }: WeekAddress) {
  const { shifts } = useHub().api
  const today = useToday()
  const phone = useMediaQuery(PHONE, false, { getInitialValueInEffect: false })
  const first = from ?? (phone ? today : mondayOf(today))
  const place: Record<string, string> = line ? { line } : {}
  const fresh = { staleTime: 0, refetchInterval: MINUTE_MS }
  return {
    calendar: useQuery({ queryKey: ['shifts', 'calendar', first, line], queryFn: () => shifts.calendar({ from: first, days: '7', ...place }), ...fresh }),
    now: useQuery({ queryKey: ['shifts', 'now', line], queryFn: () => shifts.onShift(place), ...fresh }),
    overrides: useQuery({ queryKey: ['shifts', 'overrides', first], queryFn: () => shifts.overrides({ from: first, days: '7' }), ...fresh }),
    site: useQuery({ queryKey: ['shifts', 'site'], queryFn: () => shifts.calendar({ days: '1' }), staleTime: MINUTE_MS }),
  }
}

function Undo({ text, undo }: { text: string; undo: () => void }): ReactNode {
  const { t } = useTranslation()
  return (
    <div className="row">
      <span className="grow">{text}</span>
      <Button icon="undo" height={36} onClick={undo}>
        {t('shifts.undo')}
      </Button>
    </div>
  )
}

/** Changes, each with its way back for five seconds. */
function useChanges() {
  const { shifts } = useHub().api
  const queries = useQueryClient()
  const { t } = useTranslation()
  const again = () => queries.invalidateQueries({ queryKey: ['shifts'] })
  const back = (text: string, undo: () => Promise<unknown>) => {
    const run = () =>
      void undo().then(
        () => void again().then(() => say(t('shifts.undone'))),
        (why: unknown) => say(t('shifts.notDone', { reason: reasonOf(why, t) })),
      )
    say(<Undo text={text} undo={run} />)
    void again()
  }
  return {
    async roster({ team, pattern, patternId, crew, fromDay }: WantedRoster) {
      const id = patternId ?? (await shifts.addPattern(pattern)).id
      const forget = async () => void (patternId === null && (await shifts.removePattern(id)))
      const added = shifts.addRoster({ team_id: team.id, pattern_id: id, crew, from_day: fromDay })
      added.catch(() => forget().catch(() => undefined)) // A preset that nobody works by is no pattern of the plant.
      const kept = await added
      back(t('shifts.added', { team: team.name }), () => shifts.removeRoster(kept.id).then(forget))
    },
    async override(wanted: NewOverride) {
      const kept = await shifts.addOverride(wanted)
      back(t('shifts.changed'), () => shifts.removeOverride(kept.id))
    },
    async remove(it: Override) {
      try {
        await shifts.removeOverride(it.id)
      } catch (why) {
        return say(t('shifts.notDone', { reason: reasonOf(why, t) }))
      }
      const same = { team_id: it.team_id, away: it.away?.id ?? null, instead: it.instead?.id ?? null, starts: it.starts, ends: it.ends, reason: it.reason }
      back(t('shifts.removed'), () => shifts.addOverride(same))
    },
  }
}

/** The patterns to choose from are asked for when the form opens. */
function NewRoster({ close, save, teams, today }: Pick<Parameters<typeof RosterForm>[0], 'close' | 'save' | 'teams' | 'today'>) {
  const { shifts } = useHub().api
  const patterns = useQuery({ queryKey: ['shifts', 'patterns'], queryFn: shifts.patterns, staleTime: 0 })
  const presets = useQuery({ queryKey: ['shifts', 'presets'], queryFn: shifts.presets })
  if (!patterns.data || !presets.data) return null
  return <RosterForm teams={teams} patterns={patterns.data} presets={presets.data} today={today} close={close} save={save} />
}

/** The week and line its address describes. */
export function ShiftsRoute(address: WeekAddress) {
  const hub = useHub()
  const walk = useNavigate()
  const [form, setForm] = useState<'roster' | 'override' | null>(null)
  const { calendar, now, overrides, site } = useShifts(address)
  const changes = useChanges()
  const error: unknown = calendar.error
  const problem = error ? (error instanceof Problem ? error : new Problem('internal', 0, String(error))) : null
  const can = calendar.data?.can_change ?? false
  const teams = site.data?.teams ?? calendar.data?.teams ?? []
  const shared = { teams, today: calendar.data?.today ?? '', close: () => setForm(null) }
  return (
    <>
      <ShiftsPage
        address={address}
        go={(next) => void walk({ to: '/shifts', search: next })}
        calendar={calendar.data}
        now={now.data}
        overrides={overrides.data ?? []}
        lines={linesIn(teams)}
        problem={problem}
        retry={() => void calendar.refetch()}
        addRoster={can ? () => setForm('roster') : null}
        addOverride={can ? () => setForm('override') : null}
        removeOverride={(it) => void changes.remove(it)}
      />
      {form === 'roster' && <NewRoster {...shared} save={changes.roster} />}
      {form === 'override' && calendar.data && <OverrideForm {...shared} zone={calendar.data.zone} people={hub.api.people} save={changes.override} />}
    </>
  )
}
