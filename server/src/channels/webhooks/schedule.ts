/**
 * When a delivery is tried again, and what an answer means. The waits are those that merchants of
 * large wallets already know: fifteen after the first try, over 24 hours and 4 minutes.
 */
import type { SendResult } from '../http-client/index.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

export const retryWaitsMs: readonly number[] = [
  15 * second,
  15 * second,
  30 * second,
  3 * minute,
  10 * minute,
  20 * minute,
  30 * minute,
  30 * minute,
  30 * minute,
  60 * minute,
  3 * hour,
  3 * hour,
  3 * hour,
  6 * hour,
  6 * hour,
]

export type DeliveryState = 'pending' | 'delivered' | 'dead'

/** Where a delivery stands; the same for a merchant's event and for a notice. */
export interface Progress {
  readonly state: DeliveryState
  readonly attempts: number
  /** The next try; null when there is none. */
  readonly nextAt: number | null
  readonly lastStatus: number | null
  readonly lastMs: number | null
  /** Why the last try failed, or why there was none; null after a success. */
  readonly lastError: string | null
  readonly endedAt: number | null
}

export const begun = (now: number): Progress => ({
  state: 'pending',
  attempts: 0,
  nextAt: now,
  lastStatus: null,
  lastMs: null,
  lastError: null,
  endedAt: null,
})

export const isAccepted = (result: SendResult): boolean =>
  'status' in result && result.status >= 200 && result.status < 300

/** The receiver says that it will never take anything again (Standard Webhooks, HTTP 410). */
export const isGone = (result: SendResult): boolean => 'status' in result && result.status === 410

/** Where a delivery stands after a try that ended `now`. */
export function afterTry(before: Progress, result: SendResult, now: number): Progress {
  const attempts = before.attempts + 1
  const lastStatus = 'status' in result ? result.status : null
  const tried = { attempts, lastStatus, lastMs: result.ms }
  if (isAccepted(result))
    return { ...tried, state: 'delivered', nextAt: null, lastError: null, endedAt: now }
  const lastError = 'status' in result ? `answered ${result.status}` : result.failed
  const wait = isGone(result) ? undefined : retryWaitsMs[attempts - 1]
  if (wait === undefined) return { ...tried, state: 'dead', nextAt: null, lastError, endedAt: now }
  return { ...tried, state: 'pending', nextAt: now + wait, lastError, endedAt: null }
}

/** Where a delivery stands that is given up without a try. */
export const givenUp = (before: Progress, reason: string, now: number): Progress => ({
  ...before,
  state: 'dead',
  nextAt: null,
  lastError: reason,
  endedAt: now,
})
