/** What a refusal is over HTTP. One row per refusal; a missing row does not compile. */
import type { RefundRefusal, Refusal, StepRefusal } from '../../payments/index.ts'
import { codeLockMs } from '../../risk/index.ts'
import { ProblemError } from '../http/index.ts'

type Row = readonly [status: number, title: string]

const refusals: Record<Refusal, Row> = {
  channel_off: [503, 'Payments are switched off for now'],
  merchant_off: [403, 'The merchant may not sell now'],
  goods_unknown: [422, 'There is no such product'],
  goods_off: [422, 'The product is not sold now'],
  goods_not_for_this_line: [422, 'The product is not sold to this line'],
  account_malformed: [422, 'The account does not have the form this product needs'],
  number_unknown: [422, 'This number cannot pay here'],
  line_suspended: [422, 'The line is suspended'],
  line_closed: [422, 'This number cannot pay here'],
  number_not_eligible: [422, 'This number cannot pay here'],
  blacklisted: [422, 'This number cannot pay here'],
  switched_off: [422, 'This number cannot pay here'],
  amount_too_small: [422, 'The amount is below the minimum'],
  over_single_limit: [422, 'The amount is above the limit for one purchase'],
  too_soon: [429, 'The number has just paid; try again later'],
  over_day_limit: [422, 'The number has reached its limit for today'],
  over_month_limit: [422, 'The number has reached its limit for this month'],
  over_merchant_cap: [422, "The merchant's cap for today is reached"],
  no_free_slot: [503, 'Too many purchases of this number are open'],
  code_wrong: [422, 'The code is wrong'],
  unknown_number: [422, 'This number cannot pay here'],
  low_credit: [422, 'There is not enough credit'],
  not_eligible: [422, 'This number cannot pay here'],
  reservation_expired: [409, 'The reservation is over'],
  already_reversed: [409, 'The charge was reversed'],
  refused_by_carrier: [422, 'The carrier refused the charge'],
  carrier_away: [503, 'The carrier cannot be reached'],
  card_over_single_limit: [422, 'The amount is above the limit for one purchase by card'],
  card_over_day_limit: [422, 'The card has reached its limit for today'],
  card_ask_bank: [422, 'The bank asks its customer to call'],
  card_declined: [422, 'The bank declined'],
  card_unavailable: [422, 'This number cannot pay by card here'],
  card_not_supported: [422, 'The bank does not support this for the card'],
  card_expired: [422, 'The card has expired'],
  card_needs_rebinding: [422, 'The card has changed at the bank and must be bound again'],
  card_pin_wrong: [422, 'The bank says that the PIN is wrong'],
  card_pin_locked: [422, 'Too many wrong PINs at the bank'],
  card_low_funds: [422, 'There is not enough in the card account'],
  card_over_bank_limit: [422, 'The amount is over a limit of the bank'],
  bank_away: [503, 'The bank cannot be reached'],
  wallet_unavailable: [422, 'This number has no wallet that can pay'],
  wallet_frozen: [422, 'The wallet is frozen'],
  wallet_cooling_off: [422, 'The wallet pays nothing for some days after a change of SIM'],
  wallet_over_single_limit: [422, 'The amount is above the limit for one payment from a wallet'],
  wallet_over_day_limit: [422, 'The wallet has reached its limit for today'],
  wallet_over_class_limit: [422, 'The wallet has reached the limit of its class'],
  wallet_low_balance: [422, 'There is not enough in the wallet'],
  pin_needed: [422, 'The wallet pays this with its PIN only'],
  over_code_limit: [422, 'The customer has reached the limit of today for payments by code'],
}

const others: Record<
  Exclude<StepRefusal | RefundRefusal | 'exists_with_different_content', Refusal>,
  Row
> = {
  payment_not_found: [404, 'There is no such payment'],
  not_allowed_now: [409, 'The payment is past this step'],
  no_tries_left: [422, 'The code was wrong too often; the payment is cancelled'],
  codes_locked: [429, 'Too many wrong codes were entered; try again in half an hour'],
  too_late: [409, 'The time to answer is over'],
  not_paid: [409, 'The payment is not paid'],
  over_paid_amount: [422, 'More than is left of the payment'],
  refund_period_over: [422, 'The time for refunds of this payment is over'],
  exists_with_different_content: [409, 'This number was used before for something else'],
}

export function refused(
  refusal: StepRefusal | RefundRefusal | 'exists_with_different_content',
): ProblemError {
  const [status, title] = { ...refusals, ...others }[refusal]
  const retryAfterMs = refusal === 'codes_locked' ? { retryAfterMs: codeLockMs } : {}
  return new ProblemError({ status, type: refusal, title, ...retryAfterMs })
}
