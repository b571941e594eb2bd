import type { RoomLogsDeps } from '../log/rooms'
import type { MessagePage } from '../wire'
import { snapshot } from './samples'

const none = async (): Promise<MessagePage> => ({ messages: [], before: null, after: null })

/** What a room's log asks for, answered with little; each test gives what it cares about. */
export function logDeps(change: Partial<RoomLogsDeps> = {}): RoomLogsDeps {
  return {
    snapshot: async () => snapshot(),
    older: none,
    newer: none,
    around: none,
    follow: () => undefined,
    unfollow: () => undefined,
    arrived: () => undefined,
    hidden: () => false,
    schedule: (run) => run(),
    later: () => undefined,
    ...change,
  }
}

/** A page that comes when the test says so. */
export function held() {
  let give: (page: MessagePage) => void = () => undefined
  const page = new Promise<MessagePage>((done) => (give = done))
  return { page, give }
}
