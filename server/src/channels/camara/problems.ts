/**
 * Errors in CAMARA's form `{status, code, message}`, and what each refusal of ours is called there.
 * One row per refusal: a missing row does not compile. A blacklist is never named.
 */
import type { CardRefusal, RefundRefusal, Refusal, StepRefusal } from '../../payments/index.ts'

/** Thrown by handlers, written by the error handler of `scope.ts`. */
export class CamaraProblem extends Error {
  override readonly name = 'CamaraProblem'
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export type Row = readonly [status: number, code: string, message: string]

export const common = {
  invalidArgument: [400, 'INVALID_ARGUMENT', 'Client specified an invalid argument.'],
  outOfRange: [400, 'OUT_OF_RANGE', 'Client specified an invalid range.'],
  unauthenticated: [
    401,
    'UNAUTHENTICATED',
    'Request not authenticated due to missing, invalid, or expired credentials. A new authentication is required.',
  ],
  permissionDenied: [
    403,
    'PERMISSION_DENIED',
    'Client does not have sufficient permissions to perform this action.',
  ],
  notFound: [404, 'NOT_FOUND', 'The specified resource is not found.'],
  numberNotFound: [404, 'IDENTIFIER_NOT_FOUND', 'phoneNumber not found.'],
  alreadyExists: [
    409,
    'ALREADY_EXISTS',
    'The resource that a client tried to create already exists.',
  ],
  unsupportedMedia: [415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.'],
  missingIdentifier: [422, 'MISSING_IDENTIFIER', 'The phone number cannot be identified.'],
  unnecessaryIdentifier: [
    422,
    'UNNECESSARY_IDENTIFIER',
    'The phone number is already identified by the access token.',
  ],
  notApplicable: [
    422,
    'SERVICE_NOT_APPLICABLE',
    'The service is not available for the provided identifier.',
  ],
  tooManyRequests: [429, 'TOO_MANY_REQUESTS', 'Rate limit reached.'],
  internal: [500, 'INTERNAL', 'The server failed. The request may be repeated unchanged.'],
  busy: [503, 'UNAVAILABLE', 'Too much to do just now. Repeat the request unchanged.'],
  unavailable: [
    503,
    'UNAVAILABLE',
    'Nobody can say yet whether this was done. Repeat it with the same Idempotency-Key, or read the payment.',
  ],
} as const satisfies Record<string, Row>

export const problem = ([status, code, message]: Row, detail: string = message): CamaraProblem =>
  new CamaraProblem(status, code, detail)

const denied: Row = [403, 'CARRIER_BILLING.PAYMENT_DENIED', 'Payment denied by business.']
const amount: Row = [422, 'CARRIER_BILLING.UNAUTHORIZED_AMOUNT', 'Unauthorized amount requested.']
const threshold: Row = [
  422,
  'CARRIER_BILLING.USER_AMOUNT_THRESHOLD_OVERPASSED',
  'Unauthorized payment request. Accumulated user mobile payments overpass account amount threshold.',
]
const because = ([status, code]: Row, message: string): Row => [status, code, message]

/** Carrier billing pays with nothing but the bill: what a wallet refuses is never told here. */
const ofWallets = {
  wallet_unavailable: denied,
  wallet_frozen: denied,
  wallet_cooling_off: denied,
  wallet_over_single_limit: denied,
  wallet_over_day_limit: denied,
  wallet_over_class_limit: denied,
  wallet_low_balance: denied,
  pin_needed: denied,
  over_code_limit: denied,
}

/** Carrier billing pays with nothing but the bill: a payment by card is refused elsewhere, and never told here. */
const ofCards = {
  card_over_single_limit: denied,
  card_over_day_limit: denied,
  card_ask_bank: denied,
  card_declined: denied,
  card_unavailable: denied,
  card_not_supported: denied,
  card_expired: denied,
  card_needs_rebinding: denied,
  card_pin_wrong: denied,
  card_pin_locked: denied,
  card_low_funds: denied,
  card_over_bank_limit: denied,
  bank_away: denied,
} as const satisfies Record<CardRefusal, Row>

export const paymentProblems = {
  channel_off: because(denied, 'Payments over the API are switched off.'),
  merchant_off: because(denied, 'The merchant may not sell now.'),
  goods_unknown: because(denied, 'These goods are not known.'),
  goods_off: because(denied, 'These goods are not sold now.'),
  goods_not_for_this_line: common.notApplicable,
  account_malformed: because(common.invalidArgument, 'The account is malformed.'),
  number_unknown: common.numberNotFound,
  unknown_number: common.numberNotFound,
  line_closed: common.numberNotFound,
  line_suspended: because(denied, 'The line is suspended.'),
  number_not_eligible: common.notApplicable,
  not_eligible: common.notApplicable,
  blacklisted: denied,
  switched_off: because(denied, 'The owner of the number has switched carrier billing off.'),
  amount_too_small: because(amount, 'The amount is below the minimum.'),
  over_single_limit: because(amount, 'The amount is above the limit for one payment.'),
  too_soon: because(common.tooManyRequests, 'This number paid a moment ago.'),
  no_free_slot: because(common.tooManyRequests, 'Too many payments of this number are waiting.'),
  over_day_limit: threshold,
  over_month_limit: threshold,
  over_merchant_cap: because(denied, 'The merchant has reached its limit for today.'),
  code_wrong: because(denied, 'The code was wrong too often.'),
  low_credit: because(denied, 'The line has not enough credit.'),
  reservation_expired: because(denied, 'The reservation was not confirmed in time.'),
  already_reversed: denied,
  refused_by_carrier: denied,
  carrier_away: because(
    common.unavailable,
    'The carrier could not be reached. Nothing was charged.',
  ),
  ...ofCards,
  ...ofWallets,
} as const satisfies Record<Refusal, Row>

export const amountTooFine = because(amount, 'CNY has two decimals.')

/** Why a validation ended nothing: the code, the tries, the time, or a check that fails at the yes. */
export const validationProblem = (refusal: Exclude<StepRefusal, 'not_allowed_now'>) => {
  const failed = (message: string) =>
    new CamaraProblem(400, 'CARRIER_BILLING.VALIDATION_FAILED', message)
  if (refusal === 'payment_not_found') return problem(common.notFound)
  if (refusal === 'code_wrong')
    return new CamaraProblem(400, 'CARRIER_BILLING.INVALID_CODE', 'Invalid code.')
  if (refusal === 'no_tries_left')
    return failed('the maximum number of attempts have been consumed for this validation.')
  if (refusal === 'too_late') return failed('The time to validate is over.')
  if (refusal === 'too_soon') return problem(paymentProblems.too_soon)
  if (refusal === 'codes_locked')
    return problem(common.tooManyRequests, 'Too many wrong codes; wait half an hour.')
  return failed(`The payment is denied: ${paymentProblems[refusal][2]}`)
}

const refundRow = (status: number, code: string, message: string): Row => [
  status,
  `CARRIER_BILLING_REFUND.${code}`,
  message,
]

export const refundDenied = refundRow(403, 'REFUND_DENIED', 'Refund denied by business.')
export const refundTooMuch = refundRow(422, 'UNAUTHORIZED_AMOUNT', 'Unauthorized amount requested.')
export const taxesMismatch = refundRow(
  422,
  'TAXES_MANAGEMENT_MISMATCH',
  'Inconsistent isTaxIncluded value with regards to related payment.',
)
export const detailsMismatch = refundRow(
  422,
  'REFUND_DETAILS_MISMATCH',
  'Inconsistent refundDetails information with regards to related payment.',
)

export const refundProblems = {
  payment_not_found: common.notFound,
  not_paid: refundRow(422, 'INVALID_PAYMENT_STATUS', 'Payment is not yet completed.'),
  amount_too_small: refundTooMuch,
  over_paid_amount: refundTooMuch,
  refund_period_over: refundRow(
    403,
    'PAYMENT_NOT_ELIGIBLE_FOR_REFUND',
    'Payment not eligible for refund.',
  ),
  refused_by_carrier: refundDenied,
  exists_with_different_content: common.alreadyExists,
} as const satisfies Record<RefundRefusal, Row>
