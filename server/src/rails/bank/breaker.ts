/**
 * A circuit breaker: when a bank is silent, or says that it cannot, again and again, it is let be for a while.
 * Then one trial decides. No clock here: times are passed in.
 *
 *     closed ── troubles in a row ──▶ open ── openMs ──▶ trial ── good ──▶ closed
 *                                       ▲                  │
 *                                       └── bad, longer ◀──┘
 */

export interface BreakerLimits {
  /** Troubles in a row that open it. */
  readonly troublesMax: number
  /** How long it stays open at first; each bad trial doubles it. */
  readonly openMs: number
  readonly openMaxMs: number
}

export type BreakerState = 'closed' | 'open' | 'trial'

export interface Breaker {
  readonly state: BreakerState
  /** When the trial is due; undefined while closed. */
  readonly trialAt: number | undefined
  onAnswer(): void
  /** Whether it opened just now: then a trial is to be made at `trialAt`. */
  onTrouble(now: number): boolean
  beginTrial(): void
  /** Ends the trial. */
  onTrial(good: boolean, now: number): void
}

export function createBreaker({ troublesMax, openMs, openMaxMs }: BreakerLimits): Breaker {
  let state: BreakerState = 'closed'
  let troubles = 0
  let wait = openMs
  let trialAt: number | undefined
  const open = (now: number) => {
    state = 'open'
    trialAt = now + wait
  }
  return {
    get state() {
      return state
    },
    get trialAt() {
      return trialAt
    },
    onAnswer() {
      troubles = 0
    },
    onTrouble(now) {
      troubles += 1
      if (state !== 'closed' || troubles < troublesMax) return false
      open(now)
      return true
    },
    beginTrial() {
      if (state === 'open') state = 'trial'
    },
    onTrial(good, now) {
      if (state !== 'trial') return
      wait = good ? openMs : Math.min(openMaxMs, wait * 2)
      if (!good) return open(now)
      state = 'closed'
      troubles = 0
      trialAt = undefined
    },
  }
}
