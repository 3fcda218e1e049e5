/**
 * The one source of time. Everything that depends on "now" receives a Clock, so that a test, a
 * simulation or the demo can move it. Times are milliseconds since 1970 UTC.
 */
export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** A clock that stands at `start` until it is moved: for tests. */
export function manualClock(
  start: number,
): Clock & { advance(ms: number): void; set(at: number): void } {
  let at = start
  return {
    now: () => at,
    advance(ms) {
      at += ms
    },
    set(next) {
      at = next
    },
  }
}
