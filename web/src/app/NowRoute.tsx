import { NowPage } from '../features/rooms/NowPage'
import { Problem } from '../lib/problem'
import { useConnection, useHub, useLobby, useMe } from './context'
import { useSections } from './Shell'
import { useTake } from './take'

export function NowRoute() {
  const hub = useHub()
  const me = useMe()
  const { lobby, isPending, error } = useLobby()
  const failed: unknown = error
  const take = useTake()
  const offline = useConnection().downSince !== null
  const mayAct = me.role !== 'viewer' && !offline
  const problem = failed && lobby.changed === null ? (failed instanceof Problem ? failed : new Problem('internal', 0, String(failed))) : null
  return (
    <NowPage
      sections={useSections(lobby)}
      act={mayAct ? take : null}
      loading={isPending}
      problem={problem}
      retry={hub.lobby.refresh}
    />
  )
}
