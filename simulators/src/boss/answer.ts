/** The answers of the carrier protocol as values, before they are bytes. Money becomes a string. */

import type { LineState } from './billing.ts'
import { type ChargeAnswer, type Code, codes, type RefundAnswer, type Verdict } from './line.ts'

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, string>>
}

const messages: Readonly<Record<Code, string>> = {
  bad_request: 'The request is malformed',
  unauthorized: 'The bearer token is missing or wrong',
  unknown_number: 'This carrier has no such line',
  charge_not_found: 'No charge has this id',
  refund_not_found: 'The charge has no refund with this id',
  no_such_path: 'The carrier protocol has no such path',
  line_exists: 'The line exists already',
  exists_with_different_content: 'The id was used before with other content',
  balance_below_reserved: 'The balance would be below what reservations hold',
  line_suspended: 'The line is suspended',
  line_closed: 'The line is closed',
  low_credit: 'The line has too little money or credit',
  not_eligible: 'The line may not buy on its bill',
  reservation_expired: 'The reservation was released or ran out',
  already_reversed: 'The charge was reversed',
  charge_committed: 'The charge is committed and can only be reversed or refunded',
  not_committed: 'The charge is not committed',
  refunds_exist: 'A charge with refunds cannot be reversed',
  refund_too_large: 'The refunds would be more than the charge',
  refused: 'The carrier refuses',
}

export const messageOf = (code: Code): string => messages[code]

/** An error names the ids of its request, so that it cannot be taken for the answer to another. */
export const failure = (
  code: Code,
  ids: Readonly<Record<string, string>>,
  message = messages[code],
): Answer => ({ status: codes[code], body: { code, message, ...ids } })

export const answer = <Value>(
  verdict: Verdict<Value>,
  ids: Readonly<Record<string, string>>,
  write: (value: Value) => Readonly<Record<string, string>>,
): Answer => (verdict.ok ? { status: 200, body: write(verdict.value) } : failure(verdict.code, ids))

export const writeLine = (line: LineState): Record<string, string> => ({
  msisdn: line.msisdn,
  carrier: line.carrier,
  brand: line.brand,
  billing: line.billing,
  status: line.status,
  language: line.language,
  region: line.region,
  available: line.available.toString(),
})

export const writeCharge = (charge: ChargeAnswer): Record<string, string> => ({
  chargeId: charge.chargeId,
  status: charge.status,
  ...(charge.carrierRef !== null && { carrierRef: charge.carrierRef }),
  ...(charge.msisdn !== null && { msisdn: charge.msisdn }),
  ...(charge.amount !== null && { amount: charge.amount.toString() }),
  refunded: charge.refunded.toString(),
})

export const writeRefund = (refund: RefundAnswer): Record<string, string> => ({
  chargeId: refund.chargeId,
  refundId: refund.refundId,
  status: refund.status,
  amount: refund.amount.toString(),
})
