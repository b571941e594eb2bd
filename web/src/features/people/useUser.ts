import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useRest } from '../../lib/rest'
import { reasonOf } from '../../lib/words'
import { say } from '../../ui/toast'
import type { ChangeUser, UserView } from '../../wire'

/** One account, and what can be done with it; every act shows at once in the list as well. */
export function useUser(id: string) {
  const { t } = useTranslation()
  const rest = useRest()
  const queries = useQueryClient()
  const path = `/api/users/${id}`
  const user = useQuery({ queryKey: ['user', id], queryFn: () => rest<UserView>(path), staleTime: 0 })
  const act = useMutation({
    mutationFn: (run: () => Promise<unknown>) => run(),
    onError: (why) => say(t('people.failed', { reason: reasonOf(why, t) })),
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: ['user', id] }), queries.invalidateQueries({ queryKey: ['users'] })]),
  })
  const change = (body: ChangeUser) => act.mutate(() => rest(path, { method: 'PATCH', body }))
  return { user, act, change, rest, path }
}
