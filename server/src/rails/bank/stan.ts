/**
 * System trace audit numbers (field 11). Where they come from is a port, because they must survive a restart;
 * what is here notices a source that gives a number twice a day, before it confuses two payments.
 */

export interface StanSource {
  /** 1 to 999999. A number does not come twice within a day of the bank. */
  nextStan(): number
}

export const stanMax = 999_999

/** Counts up and begins again at 1; forgets when the process ends. */
export function createStanSource(last = 0): StanSource {
  let current = last
  return {
    nextStan() {
      current = (current % stanMax) + 1
      return current
    },
  }
}

export interface StanGuard {
  /**
   * What this process knows of a number: `new`, `same` when this very exchange was sent before, `reused` when
   * another exchange of the same day had it.
   */
  check(exchange: SentExchange): 'new' | 'same' | 'reused'
  /** Before it is written; the answer takes it back when nothing was. */
  mark(exchange: SentExchange): () => void
}

interface SentExchange {
  readonly stan: number
  readonly transmittedAt: string
}

/** Remembers for every number when it was last sent: four megabytes, whatever the traffic. */
export function createStanGuard(): StanGuard {
  const lastSent = new Uint32Array(stanMax + 1)
  return {
    check({ stan, transmittedAt }) {
      const last = lastSent[stan] ?? 0
      const now = Number(transmittedAt)
      if (last === now) return 'same'
      return last !== 0 && dayOf(last) === dayOf(now) ? 'reused' : 'new'
    },
    mark({ stan, transmittedAt }) {
      const before = lastSent[stan] ?? 0
      lastSent[stan] = Number(transmittedAt)
      return () => {
        lastSent[stan] = before
      }
    },
  }
}

/** MMDD of MMDDhhmmss. */
const dayOf = (transmitted: number) => Math.floor(transmitted / 1_000_000)
