import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { deviceOf } from '../../lib/devices'
import { dateTime } from '../../lib/format'
import { Button } from '../../ui/Button'
import { List } from '../../ui/List'
import { Loaded } from '../../ui/Loaded'
import { Block } from '../../ui/Section'
import type { SessionView, UserView } from '../../wire'
import type { useUser } from './useUser'

/** Where somebody is signed in; one device or all of them can be signed out, and are within seconds. */
export function Sessions({ user, hold }: { user: UserView; hold: ReturnType<typeof useUser> }) {
  const { t, i18n } = useTranslation()
  const { rest, path, act } = hold
  const queries = useQueryClient()
  const key = ['user-sessions', user.id]
  const sessions = useQuery({ queryKey: key, queryFn: () => rest<SessionView[]>(`${path}/sessions`), staleTime: 0 })
  const end = (which: string) =>
    act.mutate(async () => {
      await rest(`${path}/sessions${which}`, { method: 'DELETE' })
      await queries.invalidateQueries({ queryKey: key })
    })
  const rowOf = (it: SessionView) => ({
    key: it.id,
    cells: [
      deviceOf(it.user_agent),
      dateTime(it.last_used_at, i18n.language),
      <span key="ip" className="mono">{it.ip}</span>,
      user.can.end_sessions && !it.current ? (
        <Button key="end" icon="signOut" onClick={() => end(`/${it.id}`)}>
          {t('account.end')}
        </Button>
      ) : null,
    ],
  })
  const all = user.can.end_sessions && user.sessions > 1 && (
    <Button icon="signOut" onClick={() => end('')}>
      {t('people.endAll')}
    </Button>
  )
  return (
    <Block title={t('account.devices')} acts={all}>
      <Loaded query={sessions}>
        {(rows) => <List label={t('account.devices')} heads={[t('account.device'), t('account.used'), t('account.from'), '']} rows={rows.map(rowOf)} empty={t('account.none')} />}
      </Loaded>
    </Block>
  )
}
