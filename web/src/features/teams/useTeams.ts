import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useRest } from '../../lib/rest'
import { sayFailed } from '../../ui/undo'
import type { ChangeTeam, PutTeamMember, Team, TeamDetail } from '../../wire'

export function useTeams(archived: boolean) {
  const rest = useRest()
  return useQuery({ queryKey: ['teams', archived], queryFn: () => rest<Team[]>(`/api/teams${archived ? '?archived=true' : ''}`), staleTime: 0 })
}

/** Every line that some team looks after, to choose from. */
export const linesOf = (teams: readonly Team[]) => [...new Set(teams.flatMap((it) => it.lines))].sort()

/** One team and what can be done with it; every act shows at once in the list as well. */
export function useTeam(id: string) {
  const { t } = useTranslation()
  const rest = useRest()
  const queries = useQueryClient()
  const path = `/api/teams/${id}`
  const again = () => Promise.all([queries.invalidateQueries({ queryKey: ['team', id] }), queries.invalidateQueries({ queryKey: ['teams'] })])
  const done = async <T>(act: Promise<T>): Promise<T> => {
    try {
      return await act
    } finally {
      await again()
    }
  }
  const team = useQuery({ queryKey: ['team', id], queryFn: () => rest<TeamDetail>(path), staleTime: 0 })
  return {
    team,
    change: (body: ChangeTeam) => done(rest<TeamDetail>(path, { method: 'PATCH', body })),
    put: (userId: string, body: PutTeamMember) => done(rest<TeamDetail>(`${path}/members/${userId}`, { method: 'PUT', body })),
    remove: (userId: string) => done(rest(`${path}/members/${userId}`, { method: 'DELETE' })),
    /** Runs an act of a button, and says why it failed. */
    act: useMutation({ mutationFn: (run: () => Promise<unknown>) => run(), onError: (why) => sayFailed(why, t) }),
  }
}

export type Hold = ReturnType<typeof useTeam>
