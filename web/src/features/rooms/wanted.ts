import type { Query } from '../../lib/api'
import type { Severity, Status, ViewFilters } from '../../wire'

/** What the list of incidents shows; empty fields are left out, so that an address stays short. */
export type Wanted = ViewFilters
export type Sort = NonNullable<ViewFilters['sort']>

export const STATUSES: readonly Status[] = ['open', 'acknowledged', 'on_site', 'restored', 'monitoring', 'closed', 'merged', 'false_alarm']
export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'diagnostic']
export const SORTS: readonly Sort[] = ['newest', 'severity', 'longest_open', 'activity']
const CATEGORIES: ReadonlyArray<NonNullable<ViewFilters['category']>[number]> = ['machine', 'quality', 'material', 'process', 'maintenance', 'safety', 'utility', 'it', 'comm', 'planned']
export const PLACES = ['site', 'area', 'line', 'machine'] as const
const FLAGS = ['mine', 'unread', 'archived'] as const
const [PLACE_CHARS, Q_CHARS] = [64, 100]

const some = <T extends string>(given: unknown, known: readonly T[]): T[] => known.filter((it) => [given].flat().includes(it))
const text = (given: unknown, longest: number) => (typeof given === 'string' || typeof given === 'number' ? String(given).slice(0, longest).trim() : '')
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** What is worth saying of the filters: no empty lists, no defaults. */
export function tidy(wanted: Wanted): Wanted {
  const said = Object.entries(wanted).filter(([name, it]) => !(it === undefined || it === null || it === '' || it === false || (Array.isArray(it) && it.length === 0) || (name === 'sort' && it === 'newest')))
  return Object.fromEntries(said)
}

/** The filters an address or a saved view asks for; what it cannot mean is left out. */
export function readWanted(address: Record<string, unknown>): Wanted {
  const wanted: Wanted = {
    status: some(address.status, STATUSES),
    severity: some(address.severity, SEVERITIES),
    category: some(address.category, CATEGORIES),
    q: text(address.q, Q_CHARS),
    sort: some(address.sort, SORTS)[0],
    team: ID.test(String(address.team)) ? String(address.team) : undefined,
  }
  for (const place of PLACES) wanted[place] = text(address[place], PLACE_CHARS)
  for (const flag of FLAGS) wanted[flag] = address[flag] === true || address[flag] === 'true'
  return tidy(wanted)
}

/** As parameters of the hub's list. */
export function queryFor(wanted: Wanted): Query {
  return Object.fromEntries(Object.entries(tidy(wanted)).map(([name, it]) => [name, Array.isArray(it) ? it : String(it)]))
}

/** Put a value into a list of the filters, or take it out. */
export const toggled = <T>(all: readonly T[] | undefined, it: T): T[] => (all?.includes(it) ? all.filter((other) => other !== it) : [...(all ?? []), it])
