/**
 * The life of a charge at the carrier, and what every verb does to it. The same verb with the same
 * id gives the same answer for ever and is done once; the same id with other content is refused.
 *
 *        ┌──────────── charge ────────────┐
 *        │     reserve             commit   ▼            refund (a part or all, each its own id)
 *     nothing ────────▶ reserved ────────▶ committed ◀────┐
 *        │               │    │                │ └────────┘
 *        │       release, │    │ reverse        │ reverse (only without refunds)
 *        │    5 minutes   ▼    ▼                ▼
 *        └─release─▶ released ─reverse─▶ reversed
 *
 * A release for a charge never seen leaves a tombstone, so that a reservation which was delayed on
 * its way cannot hold money after it was given up. These functions decide; the caller stores.
 */
import { availableOf, type Book, type ChargeAccount } from './book.ts'
import type { BossEvent } from './event.ts'
import {
  type ChargeAnswer,
  type ChargeContent,
  type LineStatus,
  no,
  type RefundAnswer,
  type Verdict,
  yes,
} from './line.ts'

/** `event` is absent when nothing changes: a repeated verb, or a refusal. */
export interface Decision<Value> {
  readonly event?: BossEvent
  readonly verdict: Verdict<Value>
}

export function reserve(
  book: Book,
  chargeId: string,
  content: ChargeContent,
  at: number,
): Decision<ChargeAnswer> {
  const charge = book.charges.get(chargeId)
  if (charge) {
    if (charge.content && !isSame(charge.content, content))
      return { verdict: no('exists_with_different_content') }
    if (charge.status === 'released') return { verdict: no('reservation_expired') }
    if (charge.status === 'reversed') return { verdict: no('already_reversed') }
    return { verdict: yes(answerOf(charge)) }
  }
  const account = book.lines.get(content.msisdn)
  if (!account) return { verdict: no('unknown_number') }
  if (account.facts.status !== 'active') return { verdict: no(`line_${account.facts.status}`) }
  if (availableOf(account) < content.amount) return { verdict: no('low_credit') }
  const carrierRef = `BOSS${88_010_001 + book.reservations}`
  const { msisdn, amount } = content
  return {
    event: { type: 'reserved', at, chargeId, carrierRef, charge: content },
    verdict: yes({ chargeId, status: 'reserved', carrierRef, msisdn, amount, refunded: 0n }),
  }
}

/** Reserve and commit in one step: what was reserved before under this id is committed. */
export function charge(
  book: Book,
  chargeId: string,
  content: ChargeContent,
  at: number,
): Decision<ChargeAnswer> {
  const { event, verdict } = reserve(book, chargeId, content, at)
  if (!verdict.ok) return { verdict }
  if (event?.type !== 'reserved') return commit(book, chargeId, at)
  return {
    event: { ...event, type: 'charged' },
    verdict: yes({ ...verdict.value, status: 'committed' }),
  }
}

export function commit(book: Book, chargeId: string, at: number): Decision<ChargeAnswer> {
  const charge = book.charges.get(chargeId)
  if (!charge) return { verdict: no('charge_not_found') }
  if (charge.status === 'released') return { verdict: no('reservation_expired') }
  if (charge.status === 'reversed') return { verdict: no('already_reversed') }
  if (charge.status === 'committed') return { verdict: yes(answerOf(charge)) }
  return {
    event: { type: 'committed', at, chargeId },
    verdict: yes({ ...answerOf(charge), status: 'committed' }),
  }
}

export function release(book: Book, chargeId: string, at: number): Decision<ChargeAnswer> {
  const charge = book.charges.get(chargeId)
  if (charge?.status === 'committed') return { verdict: no('charge_committed') }
  if (charge && charge.status !== 'reserved') return { verdict: yes(answerOf(charge)) }
  const nothing = { chargeId, carrierRef: null, msisdn: null, amount: null, refunded: 0n }
  return {
    event: { type: 'released', at, chargeId },
    verdict: yes({ ...(charge ? answerOf(charge) : nothing), status: 'released' }),
  }
}

export function reverse(book: Book, chargeId: string, at: number): Decision<ChargeAnswer> {
  const charge = book.charges.get(chargeId)
  // A tombstone has nothing to undo, and saying so must not look like an undone charge.
  if (!charge?.content) return { verdict: no('charge_not_found') }
  if (charge.status === 'reversed') return { verdict: yes(answerOf(charge)) }
  if (charge.refunded > 0n) return { verdict: no('refunds_exist') }
  return {
    event: { type: 'reversed', at, chargeId },
    verdict: yes({ ...answerOf(charge), status: 'reversed' }),
  }
}

export function refund(
  book: Book,
  { chargeId, refundId, amount }: { chargeId: string; refundId: string; amount: bigint },
  at: number,
): Decision<RefundAnswer> {
  const charge = book.charges.get(chargeId)
  if (!charge?.content) return { verdict: no('charge_not_found') }
  const answer: RefundAnswer = { chargeId, refundId, status: 'refunded', amount }
  const before = charge.refunds.get(refundId)
  if (before !== undefined)
    return { verdict: before === amount ? yes(answer) : no('exists_with_different_content') }
  if (charge.status === 'reversed') return { verdict: no('already_reversed') }
  if (charge.status !== 'committed') return { verdict: no('not_committed') }
  if (book.lines.get(charge.content.msisdn)?.facts.status === 'closed')
    return { verdict: no('line_closed') }
  if (charge.refunded + amount > charge.content.amount) return { verdict: no('refund_too_large') }
  return { event: { type: 'refunded', at, chargeId, refundId, amount }, verdict: yes(answer) }
}

/** A fee of the carrier's own, such as 0.10 for each text a subscriber sends. */
export function communicate(
  book: Book,
  { msisdn, fee, count }: { msisdn: string; fee: bigint; count: number },
  at: number,
): Decision<bigint> {
  const account = book.lines.get(msisdn)
  const amount = fee * BigInt(count)
  if (!account) return { verdict: no('unknown_number') }
  if (account.facts.status !== 'active') return { verdict: no(`line_${account.facts.status}`) }
  if (availableOf(account) < amount) return { verdict: no('low_credit') }
  return { event: { type: 'communicated', at, msisdn, amount, count }, verdict: yes(amount) }
}

export function changeLine(
  book: Book,
  change: { msisdn: string; status?: LineStatus; balance?: bigint },
  at: number,
): Decision<null> {
  const account = book.lines.get(change.msisdn)
  if (!account) return { verdict: no('unknown_number') }
  const { msisdn, status = account.facts.status, balance = account.facts.balance } = change
  if (balance < account.reserved) return { verdict: no('balance_below_reserved') }
  return { event: { type: 'line_changed', at, msisdn, status, balance }, verdict: yes(null) }
}

export const answerOf = (charge: ChargeAccount): ChargeAnswer => ({
  chargeId: charge.chargeId,
  status: charge.status,
  carrierRef: charge.carrierRef,
  msisdn: charge.content?.msisdn ?? null,
  amount: charge.content?.amount ?? null,
  refunded: charge.refunded,
})

/** Names may change between two sendings of one charge; who pays whom how much for what may not. */
const isSame = (a: ChargeContent, b: ChargeContent): boolean =>
  a.msisdn === b.msisdn &&
  a.amount === b.amount &&
  a.merchantId === b.merchantId &&
  a.goods === b.goods
