import { useTranslation } from 'react-i18next'
import { useRest } from '../../lib/rest'
import { reasonOf } from '../../lib/words'
import { say } from '../../ui/toast'
import { useView } from './context'

export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What changes this room, by its path below the room. What comes of it arrives as events. */
export function useCalls() {
  const rest = useRest()
  const { snapshot } = useView()
  const { t } = useTranslation()
  /** Rejects with a `Problem`, for dialogs that say it themselves. */
  const call = (path: string, method: Method, body?: unknown) => rest<unknown>(`/api/rooms/${snapshot.room.id}${path}`, { method, body })
  return {
    call,
    /** For buttons: a refusal becomes a toast. Answers whether it was done. */
    async run(path: string, method: Method, body?: unknown): Promise<boolean> {
      try {
        await call(path, method, body)
        return true
      } catch (why) {
        say(t('people.failed', { reason: reasonOf(why, t) }))
        return false
      }
    },
  }
}
