/**
 * Goes to the carrier for what payments need, one trip a job. The intent was committed before; every
 * verb is idempotent under its id, so a trip repeated after a crash does no harm. Nothing is decided
 * here: what the carrier said goes back through the lane as a command.
 */
import type { CarrierAnswer, Charge, Funding } from './carrier.ts'
import type { CarrierOutcome } from './decide/charge.ts'
import type { RefundOutcome } from './decide/refund.ts'
import type { Name, Payment, Refund } from './payment.ts'
import { day, wantedMs } from './topics.ts'

/** One trip for a payment: what is done depends on where the payment stands. */
export async function tripFor(
  carrier: Funding,
  payment: Payment,
  merchantName: Name,
  now: number,
): Promise<CarrierOutcome | null> {
  const charge = chargeOf(payment, merchantName)
  switch (payment.state) {
    case 'reserving':
      return reserve(carrier, charge)
    case 'charging':
      return take(carrier, charge, payment.flow === 'reserve')
    case 'charge_unknown':
      return findOut(carrier, charge, payment, now)
    case 'reversing':
      return undo(carrier, payment, now)
    default:
      return null
  }
}

export function chargeOf(payment: Payment, merchantName: Name): Charge {
  return {
    chargeId: payment.chargeId ?? '',
    msisdn: payment.msisdn,
    amount: payment.amount,
    merchantId: payment.merchantId,
    merchantName: merchantName.zh,
    goods: payment.product,
    description: payment.goods.zh,
    isRepeated: payment.state === 'charge_unknown',
  }
}

async function reserve(carrier: Funding, charge: Charge): Promise<CarrierOutcome> {
  const answer = await carrier.reserve(charge)
  return answer.outcome === 'done' ? { kind: 'reserved' } : notDone(answer)
}

/** `reserved` says that the reservation of a two-step payment should still stand. */
async function take(carrier: Funding, charge: Charge, reserved: boolean): Promise<CarrierOutcome> {
  const answer = await (reserved ? carrier.commit(charge.chargeId) : carrier.charge(charge))
  return answer.outcome === 'done' ? committed(answer) : notDone(answer)
}

/** An unknown charge: ask. What the carrier never saw is sent again while the customer still waits. */
async function findOut(
  carrier: Funding,
  charge: Charge,
  payment: Payment,
  now: number,
): Promise<CarrierOutcome> {
  const answer = await carrier.query(charge.chargeId)
  if (answer.outcome !== 'done') return notFinal(answer)
  if (answer.value === 'committed') return committed(answer)
  if (answer.value === 'reversed') return { kind: 'refused', reason: 'already_reversed' }
  // A reservation that was dropped can never be committed any more: that is a "no", for good.
  if (answer.value === 'released')
    return { kind: 'refused', reason: answer.reason ?? 'reservation_expired' }
  const age = now - (payment.confirmedAt ?? now)
  if (age <= wantedMs) {
    const again = await take(carrier, charge, answer.value === 'reserved')
    // A refusal now says nothing of the first try, whose answer may still be on its way.
    return again.kind === 'refused' ? { kind: 'unknown', detail: again.reason } : again
  }
  if (age >= day && answer.value === 'not_found') return { kind: 'never_charged' }
  return { kind: 'unknown', detail: `carrier says ${answer.value}` }
}

/** Reverses until answered. "Not found" alone proves nothing; after a day, with a query to match, it does. */
async function undo(carrier: Funding, payment: Payment, now: number): Promise<CarrierOutcome> {
  const chargeId = payment.chargeId ?? ''
  const answer = await carrier.reverse(chargeId)
  if (answer.outcome !== 'done') return notFinal(answer)
  if (answer.value === 'reversed') return { kind: 'reversed' }
  const query = await carrier.query(chargeId)
  const age = now - (payment.confirmedAt ?? now)
  const isGone = query.outcome === 'done' && query.value === 'not_found' && age >= day
  const isReleased = query.outcome === 'done' && query.value === 'released'
  if (isGone || isReleased) return { kind: 'never_charged' }
  return { kind: 'unknown', detail: 'the carrier does not know the charge' }
}

/** For a charge that must not be: true once the carrier says that it holds nothing of it. */
export async function tripToUndo(carrier: Funding, chargeId: string): Promise<boolean> {
  const answer = await carrier.reverse(chargeId)
  if (answer.outcome === 'done' && answer.value === 'reversed') return true
  const query = await carrier.query(chargeId)
  return query.outcome === 'done' && (query.value === 'released' || query.value === 'reversed')
}

/** A refund is sent again under its own id until it is answered. */
export async function tripForRefund(
  carrier: Funding,
  payment: Payment,
  refund: Refund,
): Promise<RefundOutcome> {
  const answer = await carrier.refund({
    chargeId: payment.chargeId ?? '',
    refundId: refund.id,
    amount: refund.amount,
  })
  if (answer.outcome === 'done') return { kind: 'refunded' }
  if (answer.outcome === 'refused') return { kind: 'refused' }
  return { kind: 'unknown', detail: answer.detail }
}

const committed = (answer: { readonly carrierRef?: string }): CarrierOutcome => ({
  kind: 'committed',
  carrierRef: answer.carrierRef ?? null,
})

type NotDone = Exclude<CarrierAnswer<unknown>, { outcome: 'done' }>

const notDone = (answer: NotDone): CarrierOutcome =>
  answer.outcome === 'refused'
    ? { kind: 'refused', reason: answer.reason }
    : { kind: answer.outcome, detail: answer.detail }

/** A refusal to answer a question decides nothing about the charge it was about. */
const notFinal = (answer: NotDone): CarrierOutcome => ({
  kind: 'unknown',
  detail: answer.outcome === 'refused' ? answer.reason : answer.detail,
})
