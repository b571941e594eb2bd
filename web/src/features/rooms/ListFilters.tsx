import { Select } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RoomCounts, Team } from '../../wire'
import { Button } from '../../ui/Button'
import { Icon } from '../../ui/Icon'
import { SeverityMark } from '../../ui/SeverityMark'
import classes from './List.module.css'
import { PLACES, SEVERITIES, type Sort, SORTS, STATUSES, tidy, toggled, type Wanted } from './wanted'

/** How many there are by each filter, the filter itself left out: so a chip tells what it would bring. */
export interface Facets {
  status: RoomCounts['status']
  severity: RoomCounts['severity']
  line: RoomCounts['line']
}

export interface FiltersProps {
  wanted: Wanted
  ask: (wanted: Wanted) => void
  facets: Facets
  teams: readonly Team[]
}

function Toggle({ on, change, count, children }: { on: boolean; change: () => void; count?: number; children: ReactNode }) {
  return (
    <button type="button" className={classes.chip} aria-pressed={on} onClick={change}>
      {children}
      {count !== undefined && <span>{count}</span>}
    </button>
  )
}

function Chips({ wanted, ask, facets }: Omit<FiltersProps, 'teams'>) {
  const { t } = useTranslation()
  return (
    <>
      <div className={classes.chips} role="group" aria-label={t('incidents.status')}>
        {STATUSES.filter((it) => facets.status[it] || wanted.status?.includes(it)).map((it) => (
          <Toggle key={it} on={wanted.status?.includes(it) ?? false} count={facets.status[it] ?? 0} change={() => ask({ ...wanted, status: toggled(wanted.status, it) })}>
            {t(`status.${it}`)}
          </Toggle>
        ))}
      </div>
      <div className={classes.chips} role="group" aria-label={t('incidents.severity')}>
        {SEVERITIES.filter((it) => facets.severity[it] || wanted.severity?.includes(it)).map((it) => (
          <Toggle key={it} on={wanted.severity?.includes(it) ?? false} count={facets.severity[it] ?? 0} change={() => ask({ ...wanted, severity: toggled(wanted.severity, it) })}>
            <SeverityMark severity={it} size={18} quiet /> {t(`severity.${it}`)}
          </Toggle>
        ))}
        {(['mine', 'unread', 'archived'] as const).map((it) => (
          <Toggle key={it} on={wanted[it] ?? false} change={() => ask({ ...wanted, [it]: !wanted[it] })}>
            {t(`incidents.${it}`)}
          </Toggle>
        ))}
      </div>
    </>
  )
}

function Choices({ wanted, ask, facets, teams }: FiltersProps) {
  const { t } = useTranslation()
  const lines = Object.entries(facets.line).filter(([line]) => line !== '')
  if (wanted.line && !facets.line[wanted.line]) lines.push([wanted.line, 0])
  return (
    <div className={classes.choices}>
      <Select aria-label={t('incidents.line')} placeholder={t('incidents.line')} data={lines.sort().map(([value, count]) => ({ value, label: `${value} · ${count}` }))} value={wanted.line ?? null} onChange={(line) => ask({ ...wanted, line })} clearable searchable />
      {teams.length > 0 && <Select aria-label={t('incidents.team')} placeholder={t('incidents.team')} data={teams.map((it) => ({ value: it.id, label: it.name }))} value={wanted.team ?? null} onChange={(team) => ask({ ...wanted, team })} clearable searchable />}
      <Select aria-label={t('incidents.sort')} data={SORTS.map((value) => ({ value, label: t(`incidents.sorts.${value}`) }))} value={wanted.sort ?? 'newest'} onChange={(sort) => ask({ ...wanted, sort: sort as Sort })} allowDeselect={false} leftSection={<Icon name="down" size={16} />} />
    </div>
  )
}

/** Places one came by: each can be taken away. */
function Places({ wanted, ask }: Pick<FiltersProps, 'wanted' | 'ask'>) {
  const { t } = useTranslation()
  const { sort, ...rest } = tidy(wanted)
  const places = PLACES.filter((it) => it !== 'line' && wanted[it])
  if (Object.keys(rest).length === 0) return null
  return (
    <div className={classes.chips}>
      {places.map((it) => (
        <button key={it} type="button" className={classes.chip} aria-pressed aria-label={t('incidents.without', { word: wanted[it] })} onClick={() => ask({ ...wanted, [it]: null })}>
          {wanted[it]} <Icon name="close" size={14} />
        </button>
      ))}
      <Button quiet icon="close" height={32} onClick={() => ask(sort ? { sort } : {})}>
        {t('incidents.clear')}
      </Button>
    </div>
  )
}

/** Filters as chips with their counts; on a phone the finer ones are folded away. */
export function ListFilters(props: FiltersProps & { phone: boolean }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <div className={classes.filters}>
      <Chips {...props} />
      {props.phone && (
        <Button icon="filter" height={48} aria-expanded={open} onClick={() => setOpen(!open)}>
          {t('incidents.filters')} · {t(`incidents.sorts.${props.wanted.sort ?? 'newest'}`)}
        </Button>
      )}
      {(open || !props.phone) && <Choices {...props} />}
      <Places {...props} />
    </div>
  )
}
