/**
 * Asking a silent bank again without anybody pressing a button. What proves the holder stays in memory, as it is
 * kept nowhere: a process that dies asks no more, and the clerk asks by hand. The rounds are few, because a bank
 * counts how often it is asked about a card.
 */
export interface Later {
  /** The next round of `key`, in place of one that waits; false after the last. */
  again(key: string, round: number, ask: () => Promise<unknown>): boolean
  stop(): void
}

export function createLater(given: {
  /** How long to wait before each round. */
  readonly waitsMs: readonly number[]
  readonly onError: (error: unknown) => void
}): Later {
  const waiting = new Map<string, NodeJS.Timeout>()
  let stopped = false
  return {
    again(key, round, ask) {
      const waitMs = given.waitsMs[round]
      if (stopped || waitMs === undefined) return false
      clearTimeout(waiting.get(key))
      const go = () => {
        waiting.delete(key)
        ask().catch((error: unknown) => {
          if (!stopped) given.onError(error)
        })
      }
      waiting.set(key, setTimeout(go, waitMs).unref())
      return true
    },
    stop() {
      stopped = true
      for (const timer of waiting.values()) clearTimeout(timer)
      waiting.clear()
    },
  }
}
