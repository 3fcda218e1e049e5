/** So many requests a second for each client, and a burst on top: a token bucket in memory. */
import type { Clock } from '../../kernel/index.ts'

export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

export const defaultRate: Rate = { perSecond: 500, burst: 1_000 }

/** True while the client is within its rate. Clients are those of the catalogue, so the map is bounded. */
export function createRateLimit(rate: Rate, clock: Clock) {
  const buckets = new Map<string, { tokens: number; at: number }>()
  return (clientId: string): boolean => {
    const now = clock.now()
    const bucket = buckets.get(clientId) ?? { tokens: rate.burst, at: now }
    const passed = Math.max(0, now - bucket.at)
    const tokens = Math.min(rate.burst, bucket.tokens + (passed * rate.perSecond) / 1_000)
    const allowed = tokens >= 1
    buckets.set(clientId, { tokens: allowed ? tokens - 1 : tokens, at: now })
    return allowed
  }
}
