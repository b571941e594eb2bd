import type { Message, Person, Reaction, RoomEvent } from '../wire'
import { createStore, type Store } from '../lib/store'

/** What I want of a reaction before the log says so. */
export interface Wish {
  message: string
  emoji: string
  on: boolean
  n: number
}

export interface ReactingDeps {
  /** Resolves when it is durable; rejects with a `Problem`. */
  change: (wish: Wish) => Promise<void>
  later: (run: () => void, ms: number) => void
}

/** The event of a reaction may come after the answer to it: until then the wish stands. */
const SETTLE_MS = 2000

function wished(reactions: readonly Reaction[], { emoji, on }: Wish, me: Person): Reaction[] {
  const found = reactions.find((it) => it.emoji === emoji)
  if ((found?.mine ?? false) === on) return [...reactions]
  if (!found) return [...reactions, { emoji, count: 1, users: [me], mine: true }]
  const users = on ? [...found.users, me] : found.users.filter((it) => it.id !== me.id)
  const changed = { emoji, count: found.count + (on ? 1 : -1), users, mine: on }
  return reactions.flatMap((it) => (it !== found ? [it] : changed.count > 0 ? [changed] : []))
}

/** Messages with what I want of their reactions; those without a wish stay the same objects. Pure. */
export function withWishes(messages: readonly Message[], wishes: readonly Wish[], me: Person | null): Message[] {
  if (wishes.length === 0 || !me) return messages as Message[]
  return messages.map((message) => {
    const mine = wishes.filter((it) => it.message === message.message_id)
    if (mine.length === 0 || message.deleted_at) return message
    return { ...message, reactions: mine.reduce((all, wish) => wished(all, wish, me), message.reactions ?? []) }
  })
}

/** My reactions, shown at once and taken back when the hub refuses. */
export function createReacting(deps: ReactingDeps) {
  const store: Store<readonly Wish[]> = createStore<readonly Wish[]>([])
  let last = 0
  const same = (one: Wish, message: string, emoji: string) => one.message === message && one.emoji === emoji
  const drop = (wish: Wish) => store.set(store.get().filter((it) => it !== wish))

  return {
    state: store as Pick<Store<readonly Wish[]>, 'get' | 'subscribe'>,
    /** Rejects with the `Problem` after taking the wish back. */
    async react(message: string, emoji: string, on: boolean): Promise<void> {
      const wish: Wish = { message, emoji, on, n: (last += 1) }
      store.set([...store.get().filter((it) => !same(it, message, emoji)), wish])
      try {
        await deps.change(wish)
      } catch (why) {
        drop(wish)
        throw why
      }
      deps.later(() => drop(wish), SETTLE_MS)
    },
    /** The log says what became of a reaction of mine, given here or on another device. I may want something else since. */
    heard({ type, body }: RoomEvent): void {
      if (type !== 'ReactionAdded' && type !== 'ReactionRemoved') return
      const wish = store.get().find((it) => same(it, body.message_id as string, body.emoji as string))
      if (wish && wish.on === (type === 'ReactionAdded')) drop(wish)
    },
    clear: () => store.set([]),
  }
}

export type Reacting = ReturnType<typeof createReacting>
