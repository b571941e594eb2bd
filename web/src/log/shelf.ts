import { openDB } from 'idb'
import type { Pending } from './outbox'

/** Where unsent messages lie over a reload. */
export interface OutboxShelf {
  all(): Promise<Pending[]>
  put(entry: Pending): Promise<void>
  remove(id: string): Promise<void>
}

const STORE = 'pending'

/** IndexedDB; without it (some private windows) the shelf is empty and messages live as long as the page. */
export function indexedShelf(name = 'andon-outbox'): OutboxShelf {
  const database = openDB(name, 1, { upgrade: (db) => void db.createObjectStore(STORE, { keyPath: 'id' }) })
  const safely = async <T>(run: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await run()
    } catch {
      return otherwise
    }
  }
  return {
    all: () => safely(async () => (await (await database).getAll(STORE)) as Pending[], []),
    put: (entry) => safely(async () => void (await (await database).put(STORE, entry)), undefined),
    remove: (id) => safely(async () => void (await (await database).delete(STORE, id)), undefined),
  }
}
