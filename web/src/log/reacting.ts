import type { Message, Person, Reaction, RoomEvent } from '../wire'
import { createStore, type Store } from '../lib/store'

/** What I want of a reaction before the log says so. */
export interface Wish {
  message: string
  emoji: string
  on: boolean
  n: number
  /** It is so. Kept because the hub names only the first of many: I may be among those it does not name. */
  known?: true
}

export interface ReactingDeps {
  /** Resolves when it is durable; rejects with a `Problem`. */
  change: (wish: Wish) => Promise<void>
  later: (run: () => void, ms: number) => void
}

/** The event of a reaction may come after the answer to it: until then the wish stands. */
const SETTLE_MS = 2000

const has = (reaction: Reaction | undefined, me: string) => reaction?.users.some((it) => it.id === me) ?? false

function wished(reactions: readonly Reaction[], { emoji, on, known }: Wish, me: Person): Reaction[] {
  const found = reactions.find((it) => it.emoji === emoji)
  if (known) return reactions.map((it) => (it === found && !has(it, me.id) && it.count > it.users.length ? { ...it, users: [...it.users, me] } : it))
  if (has(found, me.id) === on) return [...reactions]
  if (!found) return [...reactions, { emoji, count: 1, users: [me] }]
  const users = on ? [...found.users, me] : found.users.filter((it) => it.id !== me.id)
  const changed = { emoji, count: found.count + (on ? 1 : -1), users }
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
  const replace = (wish: Wish, by: Wish | undefined) => store.set(store.get().flatMap((it) => (it !== wish ? [it] : by ? [by] : [])))
  const done = (wish: Wish) => replace(wish, wish.on ? { ...wish, known: true } : undefined)

  return {
    state: store as Pick<Store<readonly Wish[]>, 'get' | 'subscribe'>,
    /** Rejects with the `Problem` after taking the wish back. */
    async react(message: string, emoji: string, on: boolean): Promise<void> {
      const before = store.get().find((it) => same(it, message, emoji))
      const wish: Wish = { message, emoji, on, n: (last += 1) }
      store.set([...store.get().filter((it) => it !== before), wish])
      try {
        await deps.change(wish)
      } catch (why) {
        replace(wish, before?.known && before)
        throw why
      }
      deps.later(() => done(wish), SETTLE_MS)
    },
    /** The log says what became of a reaction of mine, given here or on another device. */
    heard({ type, body }: RoomEvent): void {
      if (type !== 'ReactionAdded' && type !== 'ReactionRemoved') return
      const [message, emoji, on] = [body.message_id as string, body.emoji as string, type === 'ReactionAdded']
      const before = store.get().find((it) => same(it, message, emoji))
      if (before && !before.known && before.on !== on) return // I want something else since.
      const rest = store.get().filter((it) => it !== before)
      store.set(on ? [...rest, { message, emoji, on, n: (last += 1), known: true }] : rest)
    },
    clear: () => store.set([]),
  }
}

export type Reacting = ReturnType<typeof createReacting>
