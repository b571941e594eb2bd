import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { dateTime } from '../../lib/format'
import { useRest } from '../../lib/rest'
import { reasonOf } from '../../lib/words'
import { Button } from '../../ui/Button'
import { List } from '../../ui/List'
import { Loaded } from '../../ui/Loaded'
import { Block } from '../../ui/Section'
import { say } from '../../ui/toast'
import type { SessionView } from '../../wire'
import { deviceOf } from './devices'

const SESSIONS = ['my-sessions']

/** Where I am signed in, each with its way out. */
export function Devices() {
  const { t, i18n } = useTranslation()
  const rest = useRest()
  const queries = useQueryClient()
  const sessions = useQuery({ queryKey: SESSIONS, queryFn: () => rest<SessionView[]>('/api/auth/sessions'), staleTime: 0 })
  const end = useMutation({
    mutationFn: (id: string) => rest(`/api/auth/sessions/${id}`, { method: 'DELETE' }),
    onSuccess: () => say(t('account.ended')),
    onError: (why) => say(t('talk.failed', { act: t('account.end'), reason: reasonOf(why, t) })),
    onSettled: () => queries.invalidateQueries({ queryKey: SESSIONS }),
  })
  const way = (it: SessionView) => {
    if (it.current) return <span className="muted">{t('account.here')}</span>
    return (
      <Button icon="signOut" onClick={() => end.mutate(it.id)} busy={end.isPending && end.variables === it.id}>
        {t('account.end')}
      </Button>
    )
  }
  const rowOf = (it: SessionView) => ({
    key: it.id,
    cells: [
      <b key="device">{deviceOf(it.user_agent)}</b>,
      dateTime(it.created_at, i18n.language),
      dateTime(it.last_used_at, i18n.language),
      <span key="ip" className="mono">{it.ip}</span>,
      way(it),
    ],
  })
  const heads = [t('account.device'), t('account.since'), t('account.used'), t('account.from'), '']
  return (
    <Block title={t('account.devices')}>
      <Loaded query={sessions}>{(rows) => <List label={t('account.devices')} heads={heads} rows={rows.map(rowOf)} empty={t('account.none')} />}</Loaded>
    </Block>
  )
}
