/** While one writes, this is said again; it ends by itself at the hub after 6 s. */
export const REPEAT_MS = 3000

export interface TypistDeps {
  say: (active: boolean) => void
  now: () => number
}

/** Tells a room that I write in it: at most every 3 s, and once when I stop. */
export function createTypist({ say, now }: TypistDeps) {
  let saidAt: number | null = null
  return {
    wrote(): void {
      if (saidAt !== null && now() - saidAt < REPEAT_MS) return
      saidAt = now()
      say(true)
    },
    /** Sent, emptied, left. */
    stopped(): void {
      if (saidAt === null) return
      saidAt = null
      say(false)
    },
  }
}

export type Typist = ReturnType<typeof createTypist>
