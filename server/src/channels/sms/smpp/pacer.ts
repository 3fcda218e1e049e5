/**
 * How fast to send. A centre that answers ESME_RTHROTTLED or ESME_RMSGQFUL wants less: sending stops
 * for a moment that doubles with each such answer, then goes on at half the speed, and every accepted
 * message brings it a little nearer to what is configured. No clock here: times are passed in, in
 * milliseconds of a clock that only goes forward.
 */

export interface Pacer {
  /** 0 when a message may go now, otherwise how long to wait. */
  delay(now: number): number
  onSent(now: number): void
  onAccepted(now: number): void
  onThrottled(now: number): void
  /** When sending may go on after throttling; at or before `now` when it is not held. */
  heldUntil(): number
  /** Messages per second allowed at present; Infinity when unlimited. */
  perSecond(): number
}

const holdMs = 500
const holdMaxMs = 30_000
/** Above this a limit says nothing: the window decides. */
const unlimitedFrom = 10_000

export function createPacer(perSecondMax: number): Pacer {
  const ceiling = perSecondMax > 0 ? perSecondMax : Number.POSITIVE_INFINITY
  let rate = ceiling
  let hold = holdMs
  let held = Number.NEGATIVE_INFINITY
  let nextAt = Number.NEGATIVE_INFINITY
  let sentInSecond = 0
  let sentLastSecond = 0
  let secondBegan = Number.NEGATIVE_INFINITY

  return {
    heldUntil: () => held,
    perSecond: () => rate,
    delay: (now) => Math.max(0, held - now, nextAt - now),
    onSent(now) {
      if (now - secondBegan >= 1_000) {
        sentLastSecond = now - secondBegan < 2_000 ? sentInSecond : 0
        sentInSecond = 0
        secondBegan = now
      }
      sentInSecond += 1
      nextAt = rate === Number.POSITIVE_INFINITY ? nextAt : Math.max(now, nextAt) + 1_000 / rate
    },
    onAccepted(now) {
      if (now < held) return
      hold = holdMs
      if (rate < ceiling) rate = Math.min(ceiling, rate * 1.05 + 0.1)
      if (rate > unlimitedFrom) rate = ceiling
    },
    onThrottled(now) {
      // A whole window may be throttled at once: that is one event, not ten.
      if (now < held) return
      const seen = Math.max(sentInSecond, sentLastSecond, 2)
      rate = Math.max(1, Math.min(rate, seen) / 2)
      held = now + hold
      hold = Math.min(holdMaxMs, hold * 2)
    },
  }
}
