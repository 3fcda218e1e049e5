/**
 * The limits a customer sets for their own number. What makes it harder to spend counts at once; what
 * makes it easier waits a day, so that a thief with the phone in hand cannot lift them. Decides only.
 */
import type { Amount } from '../kernel/index.ts'
import type { Subscriber } from './subscriber.ts'

export const raiseWaitMs = 24 * 3_600_000

/** Amounts in fen; null is the operator's limit. */
export interface OwnLimits {
  readonly switchedOn: boolean
  readonly single: Amount | null
  readonly day: Amount | null
  readonly month: Amount | null
}

/** A raise on its way: all four values take the place of the present ones at `from`. */
export interface PendingLimits {
  readonly limits: OwnLimits
  readonly from: number
}

/** A subscriber as kept: with what is still to come. */
export type KeptSubscriber = Subscriber & { readonly pending: PendingLimits | null }

export const ownLimitsOf = (subscriber: Subscriber): OwnLimits => ({
  switchedOn: subscriber.switchedOn,
  single: subscriber.ownSingleLimit,
  day: subscriber.ownDayLimit,
  month: subscriber.ownMonthLimit,
})

/** The subscriber as it is at `now`: a raise whose time has come counts. */
export function asOf(subscriber: KeptSubscriber, now: number): KeptSubscriber {
  const { pending } = subscriber
  if (!pending || now < pending.from) return subscriber
  return withLimits(subscriber, pending.limits, null)
}

/** What the wish changes now and what has to wait, for a subscriber taken `asOf` now. */
export function wishLimits(
  subscriber: KeptSubscriber,
  wish: OwnLimits,
  now: number,
): KeptSubscriber {
  const present = ownLimitsOf(subscriber)
  const sooner = stricter(present, wish)
  if (same(sooner, wish)) return withLimits(subscriber, wish, null)
  // A raise that was asked for before, and as high, keeps the time it has waited.
  const { pending } = subscriber
  const waited = pending && same(stricter(pending.limits, wish), wish) ? pending.from : null
  return withLimits(subscriber, sooner, { limits: wish, from: waited ?? now + raiseWaitMs })
}

const withLimits = (
  subscriber: KeptSubscriber,
  limits: OwnLimits,
  pending: PendingLimits | null,
): KeptSubscriber => ({
  ...subscriber,
  switchedOn: limits.switchedOn,
  ownSingleLimit: limits.single,
  ownDayLimit: limits.day,
  ownMonthLimit: limits.month,
  pending,
})

const stricter = (one: OwnLimits, other: OwnLimits): OwnLimits => ({
  switchedOn: one.switchedOn && other.switchedOn,
  single: least(one.single, other.single),
  day: least(one.day, other.day),
  month: least(one.month, other.month),
})

const least = (one: Amount | null, other: Amount | null) => {
  if (one === null) return other
  return other === null || one < other ? one : other
}

const same = (one: OwnLimits, other: OwnLimits) =>
  one.switchedOn === other.switchedOn &&
  one.single === other.single &&
  one.day === other.day &&
  one.month === other.month
