import { useMediaQuery, useThrottledValue } from '@mantine/hooks'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Facets } from '../features/rooms/ListFilters'
import { ListPage } from '../features/rooms/ListPage'
import { queryFor, tidy, type Wanted } from '../features/rooms/wanted'
import { queryOf } from '../lib/api'
import { Problem } from '../lib/problem'
import { useRest } from '../lib/rest'
import { reasonOf } from '../lib/words'
import type { Lobby } from '../log/lobby'
import { say } from '../ui/toast'
import type { RoomCounts, RoomPage, RoomRow, SavedView, Team } from '../wire'
import { useConnection, useHub, useLobby, useMe } from './context'
import { useTake } from './take'

const LIST = 'incidents'
const PAGE = '50'
/** How often the list is asked again while rooms move. */
const AGAIN_MS = 2000

/** Counts with one filter left out; filters that leave the same share one answer. */
function useCounts(wanted: Wanted, without: keyof Wanted): RoomCounts | undefined {
  const rest = useRest()
  const asked = queryOf(queryFor({ ...wanted, [without]: undefined, sort: undefined }))
  const keep = (before: RoomCounts | undefined) => before
  return useQuery({ queryKey: [LIST, 'counts', asked], queryFn: () => rest<RoomCounts>(`/api/rooms/counts${asked}`), staleTime: 0, placeholderData: keep }).data
}

const sum = (counts: RoomCounts['status'], chosen: readonly string[]) => chosen.reduce((all, it) => all + (counts[it] ?? 0), 0)

function useFacets(wanted: Wanted): { facets: Facets; total: number | null } {
  const [status, severity, line] = [useCounts(wanted, 'status'), useCounts(wanted, 'severity'), useCounts(wanted, 'line')]
  const total = status ? (wanted.status ? sum(status.status, wanted.status) : status.total) : null
  return { facets: { status: status?.status ?? {}, severity: severity?.severity ?? {}, line: line?.line ?? {} }, total }
}

/** The pages read so far, each room as the lobby knows it when it moved since. */
function useRows(wanted: Wanted, lobby: Lobby) {
  const rest = useRest()
  const query = queryFor(wanted)
  const found = useInfiniteQuery({
    queryKey: [LIST, 'rows', queryOf(query)],
    queryFn: ({ pageParam }) => rest<RoomPage>(`/api/rooms${queryOf({ ...query, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) })}`),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 0,
  })
  const rows = useMemo(() => {
    const seen = new Map<string, RoomRow>() // A room that moved while pages were read stands on two of them.
    for (const row of found.data?.pages.flatMap((it) => it.rooms) ?? []) {
      const now = lobby.rows[row.room.id]
      if (!seen.has(row.room.id)) seen.set(row.room.id, now && now.room.last_seq >= row.room.last_seq ? now : row)
    }
    return found.data ? [...seen.values()] : null
  }, [found.data, lobby])
  return { ...found, rows }
}

function useViews(wanted: Wanted) {
  const rest = useRest()
  const queries = useQueryClient()
  const { t } = useTranslation()
  const key = ['views']
  const { data } = useQuery({ queryKey: key, queryFn: () => rest<SavedView[]>('/api/views'), staleTime: 60_000 })
  return {
    views: data ?? [],
    async keep(name: string) {
      queries.setQueryData(key, await rest<SavedView[]>('/api/views', { method: 'POST', body: { name, filters: tidy(wanted) } }))
      say(t('incidents.kept', { name }))
    },
    drop(view: SavedView) {
      rest(`/api/views/${view.id}`, { method: 'DELETE' }).then(
        () => {
          say(t('incidents.dropped', { name: view.name }))
          void queries.invalidateQueries({ queryKey: key })
        },
        (why: unknown) => say(t('people.failed', { reason: reasonOf(why, t) })),
      )
    },
  }
}

/** The list of incidents its address describes; alive by the lobby. */
export function RoomsRoute({ wanted }: { wanted: Wanted }) {
  const hub = useHub()
  const me = useMe()
  const walk = useNavigate()
  const phone = useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false })
  const { lobby } = useLobby()
  const { rows, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch } = useRows(wanted, lobby)
  const { data: teams = [] } = useQuery({ queryKey: ['teams'], queryFn: () => hub.rest<Team[]>('/api/teams'), staleTime: 60_000, enabled: me.role !== 'viewer' })
  const moved = useThrottledValue(lobby.changed, AGAIN_MS)
  useEffect(() => {
    if (moved !== null) void hub.queries.invalidateQueries({ queryKey: [LIST] })
  }, [hub, moved])
  const failed: unknown = rows ? null : error
  const offline = useConnection().downSince !== null
  const take = useTake()
  return (
    <ListPage
      wanted={wanted}
      ask={(next) => void walk({ to: '/rooms', search: tidy(next), replace: next.q !== wanted.q })}
      {...useFacets(wanted)}
      {...useViews(wanted)}
      teams={teams}
      rows={rows}
      more={hasNextPage ? () => void fetchNextPage() : null}
      loading={isFetchingNextPage}
      problem={failed ? (failed instanceof Problem ? failed : new Problem('internal', 0, String(failed))) : null}
      retry={() => void refetch()}
      act={me.role !== 'viewer' && !offline ? take : null}
      phone={phone}
    />
  )
}
