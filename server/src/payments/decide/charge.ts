/**
 * What the carrier said, or did not say, about a charge. Three results: done, refused, unknown; and a
 * fourth that is not one: the call never left. Unknown holds the money until the carrier is understood.
 */

import type { Book } from '../book.ts'
import type { CardRefusal } from '../card.ts'
import type { CarrierRefusal } from '../carrier.ts'
import { giveRoom } from '../checks.ts'
import type { Payment, Refusal } from '../payment.ts'
import { postCharge, voidCharge } from '../postings.ts'
import type { Versioned } from '../rows.ts'
import { day, queryDelay, resendDelay, topics } from '../topics.ts'
import { armDeadline, releaseReservation } from './answer.ts'
import { charged, senderOf } from './charged.ts'
import { tellRefusal } from './refused.ts'

/** One trip to the carrier has ended like this. */
export type CarrierOutcome =
  | { readonly kind: 'reserved' }
  | { readonly kind: 'committed'; readonly carrierRef: string | null }
  | { readonly kind: 'refused'; readonly reason: CarrierRefusal | CardRefusal }
  | { readonly kind: 'reversed' }
  /** The carrier does not know the charge, long after any answer could still be on its way. */
  | { readonly kind: 'never_charged' }
  | { readonly kind: 'unknown'; readonly detail: string }
  | { readonly kind: 'unsent'; readonly detail: string }

/** `askAgainAt`: when the carrier must be asked again, or null when there is nothing left to ask. */
export interface Answered {
  readonly payment: Payment
  readonly askAgainAt: number | null
}

const settled = (payment: Payment): Answered => ({ payment, askAgainAt: null })

/** How long a two-step order waits for the carrier before it is given up (nothing is charged by it). */
const reservingMs = 60_000

export function carrierAnswered(
  book: Book,
  payment: Versioned,
  outcome: CarrierOutcome,
  attempt: number,
): Answered {
  switch (payment.state) {
    case 'reserving':
      return reserving(book, payment, outcome, attempt)
    case 'charging':
    case 'charge_unknown':
      return charging(book, payment, outcome, attempt)
    case 'reversing':
      return reversing(book, payment, outcome, attempt)
    default:
      // A late or doubled answer for something that has moved on: the state already says the truth,
      // unless it says "not charged" of a charge that has come through all the same.
      if (outcome.kind === 'committed' && isGivenUp(payment)) takeBack(book, payment)
      return settled(payment)
  }
}

const isGivenUp = ({ state }: Payment) =>
  ['charge_failed', 'cancelled', 'expired', 'reversed'].includes(state)

/** The customer was told that nothing is charged, and that stays true. */
function takeBack(book: Book, payment: Versioned): void {
  book.arm(job(payment, topics.undo, book.now))
  book.change(payment.id, {}, 'charged_too_late')
}

type Decision = (
  book: Book,
  payment: Versioned,
  outcome: CarrierOutcome,
  attempt: number,
) => Answered

const reserving: Decision = (book, payment, outcome, attempt) => {
  if (outcome.kind === 'reserved') {
    const deadlineAt = book.now + book.policy.reservationMs
    drop(book, payment)
    const reserved = book.change(payment.id, { state: 'reserved', deadlineAt }, 'reserved')
    armDeadline(book, reserved)
    return settled(reserved)
  }
  if (outcome.kind === 'refused') return settled(fail(book, payment, outcome.reason))
  const age = book.now - (payment.confirmedAt ?? book.now)
  if (age < reservingMs) return { payment, askAgainAt: book.now + resendDelay(attempt) }
  // A reservation is no charge, and the carrier drops it by itself: giving it up loses nothing.
  releaseReservation(book, payment)
  const given = { state: 'charge_failed', reason: 'carrier_away' } as const
  return settled(finish(book, payment, given, 'charge_failed'))
}

const charging: Decision = (book, payment, outcome, attempt) => {
  if (outcome.kind === 'committed') {
    postCharge(book, payment)
    drop(book, payment)
    return settled(charged(book, payment, { carrierRef: outcome.carrierRef }))
  }
  if (outcome.kind === 'refused') return settled(fail(book, payment, outcome.reason))
  if (outcome.kind === 'never_charged') return settled(fail(book, payment, awayOf(payment)))
  // The doubled answer of the first step of two; the second is on its way under a job of its own.
  if (outcome.kind === 'reserved') return settled(payment)
  if (attempt === 1 && payment.state === 'charging') tellInProgress(book, payment)
  const age = book.now - (payment.confirmedAt ?? book.now)
  // After a day nobody waits for it any more. That this call never left does not prove that no call
  // before it did (one may have died with its process), so it is asked about, not given up.
  if (outcome.kind === 'unsent' && payment.state === 'charging' && age < day)
    return { payment, askAgainAt: book.now + resendDelay(attempt) }
  if (payment.state === 'charging') {
    const patch = { state: 'charge_unknown', unknownSince: book.now } as const
    const unknown = book.change(payment.id, patch, 'unknown')
    // Armed anew: the waits between questions are counted from here, not from the calls before.
    book.arm(job(unknown, topics.drive, book.now + queryDelay(1)))
    return settled(unknown)
  }
  if (book.now - (payment.unknownSince ?? book.now) >= day) {
    const reversing = book.change(payment.id, { state: 'reversing' }, 'reversing')
    book.arm(job(reversing, topics.drive, book.now))
    return settled(reversing)
  }
  return { payment, askAgainAt: book.now + queryDelay(attempt + 1) }
}

const reversing: Decision = (book, payment, outcome, attempt) => {
  if (outcome.kind === 'reversed') {
    voidCharge(book, payment)
    giveRoom(book, payment, payment.amount)
    const reason = awayOf(payment)
    tellRefusal(book, payment, reason, senderOf(payment))
    const given = { state: 'reversed', reason } as const
    return settled(finish(book, payment, given, 'reversed'))
  }
  if (outcome.kind === 'never_charged') return settled(fail(book, payment, awayOf(payment)))
  return { payment, askAgainAt: book.now + queryDelay(attempt) }
}

/** Whoever was to pay could not be understood. */
const awayOf = ({ source }: Payment) => (source === 'card' ? 'bank_away' : 'carrier_away')

function fail(book: Book, payment: Versioned, reason: Refusal): Versioned {
  voidCharge(book, payment)
  giveRoom(book, payment, payment.amount)
  tellRefusal(book, payment, reason, senderOf(payment))
  return finish(book, payment, { state: 'charge_failed', reason }, 'charge_failed')
}

function finish(
  book: Book,
  payment: Versioned,
  patch: Pick<Payment, 'state' | 'reason'>,
  type: string,
): Versioned {
  drop(book, payment)
  return book.change(payment.id, { ...patch, endedAt: book.now }, type, { reason: patch.reason })
}

function tellInProgress(book: Book, payment: Payment): void {
  const { msisdn: to, id: paymentId, orderNo } = payment
  book.send(payment, { to, from: senderOf(payment), paymentId, notice: { id: 'T3', orderNo } })
}

const drop = (book: Book, payment: Payment) =>
  book.disarm({ bucket: payment.bucket, topic: topics.drive, subject: payment.id })

const job = (payment: Payment, topic: string, dueAt: number) => ({
  bucket: payment.bucket,
  topic,
  subject: payment.id,
  dueAt,
  payload: { msisdn: payment.msisdn },
})
