/**
 * The verbs of the carrier protocol: where each goes, what its answer must repeat, and which of the
 * carrier's errors settle it. An error that is missing here leaves the outcome unknown, so a new
 * word of the carrier's can never be mistaken for "nothing was charged".
 */
import type { Amount, Msisdn } from '../../kernel/index.ts'
import type {
  CarrierRefusal,
  Charge,
  ChargeStatus,
  Line,
  RefundStatus,
} from '../../payments/index.ts'
import { type Expectation, readLine, readStatus } from './answer.ts'

export interface Request {
  readonly method: 'GET' | 'POST'
  /** Segments below the base URL, not yet encoded. */
  readonly path: readonly string[]
  readonly body?: object
}

export interface Verb<Value> extends Request, Expectation<Value> {}

type Errors<Value> = Expectation<Value>['errors']

const readCommitted = readStatus({ committed: 'committed' })
const ofLine = ['line_suspended', 'line_closed', 'not_eligible'] as const
const ended = ['reservation_expired', 'already_reversed'] as const
/** Refusals for which the port has no word of its own. */
const others = {
  refused: 'refused_by_carrier',
  bad_request: 'refused_by_carrier',
  exists_with_different_content: 'refused_by_carrier',
} as const satisfies Record<string, CarrierRefusal>

const reserveErrors = errorsOf<'reserved' | 'committed'>(
  [...ofLine, ...ended, 'unknown_number', 'low_credit'],
  others,
)
const chargeErrors = errorsOf<'committed'>(
  [...ofLine, ...ended, 'unknown_number', 'low_credit'],
  others,
)
const commitErrors = errorsOf<'committed'>([...ofLine, ...ended, 'low_credit'], {
  refused: 'refused_by_carrier',
})
const releaseErrors = errorsOf<'released'>([], { charge_committed: 'refused_by_carrier' })
const reverseErrors = errorsOf<'reversed' | 'not_found'>(
  [],
  { refunds_exist: 'refused_by_carrier', refused: 'refused_by_carrier' },
  { charge_not_found: 'not_found' },
)
const refundErrors = errorsOf<'refunded'>(['line_closed', 'already_reversed'], {
  ...others,
  not_committed: 'refused_by_carrier',
  refund_too_large: 'refused_by_carrier',
})
// A refused question leaves us where we were, so queries know no refusal.
const queryErrors = errorsOf<ChargeStatus>([], {}, { charge_not_found: 'not_found' })
const queryRefundErrors = errorsOf<RefundStatus>([], {}, { refund_not_found: 'not_found' })
const lineErrors = errorsOf<Line>(['unknown_number', 'not_eligible'], {
  refused: 'refused_by_carrier',
})

export const lineVerb = (msisdn: Msisdn): Verb<Line> => ({
  method: 'GET',
  path: ['lines', msisdn],
  ids: { msisdn },
  read: readLine,
  errors: lineErrors,
})

export const reserveVerb = (charge: Charge): Verb<'reserved' | 'committed'> => ({
  method: 'POST',
  path: ['charges', charge.chargeId, 'reserve'],
  body: contentOf(charge),
  ...identityOf(charge),
  read: readStatus({ reserved: 'reserved', committed: 'committed' }),
  errors: reserveErrors,
})

/** Reserve and commit in one request. */
export const chargeVerb = (charge: Charge) =>
  ({
    method: 'POST',
    path: ['charges', charge.chargeId],
    body: contentOf(charge),
    ...identityOf(charge),
    read: readCommitted,
    errors: chargeErrors,
  }) satisfies Verb<'committed'>

/** The same for many charges, each with an answer of its own. */
export const listRequest = (charges: readonly Charge[]): Request => ({
  method: 'POST',
  path: ['charges'],
  body: {
    charges: charges.map((charge) => ({ chargeId: charge.chargeId, ...contentOf(charge) })),
  },
})

function contentOf({ msisdn, amount, merchantId, merchantName, goods, description }: Charge) {
  const money = { amount: amount.toString(), currency: 'CNY' }
  return { msisdn, ...money, merchantId, merchantName, goods, description }
}

const identityOf = ({ chargeId, msisdn, amount }: Charge) => ({
  ids: { chargeId },
  content: { msisdn, amount: amount.toString() },
})

export const commitVerb = (chargeId: string): Verb<'committed'> => ({
  method: 'POST',
  path: ['charges', chargeId, 'commit'],
  ids: { chargeId },
  read: readCommitted,
  errors: commitErrors,
})

export const releaseVerb = (chargeId: string): Verb<'released'> => ({
  method: 'POST',
  path: ['charges', chargeId, 'release'],
  ids: { chargeId },
  // A reversed charge holds nothing either.
  read: readStatus({ released: 'released', reversed: 'released' }),
  errors: releaseErrors,
})

export const queryVerb = (chargeId: string): Verb<ChargeStatus> => ({
  method: 'GET',
  path: ['charges', chargeId],
  ids: { chargeId },
  read: readStatus({
    reserved: 'reserved',
    committed: 'committed',
    released: 'released',
    reversed: 'reversed',
  }),
  errors: queryErrors,
})

export const reverseVerb = (chargeId: string): Verb<'reversed' | 'not_found'> => ({
  method: 'POST',
  path: ['charges', chargeId, 'reverse'],
  ids: { chargeId },
  read: readStatus({ reversed: 'reversed' }),
  errors: reverseErrors,
})

export function refundVerb(refund: {
  readonly chargeId: string
  readonly refundId: string
  readonly amount: Amount
}): Verb<'refunded'> {
  const { chargeId, refundId } = refund
  const amount = refund.amount.toString()
  return {
    method: 'POST',
    path: ['charges', chargeId, 'refunds', refundId],
    body: { amount },
    ids: { chargeId, refundId },
    content: { amount },
    read: readStatus({ refunded: 'refunded' }),
    errors: refundErrors,
  }
}

export const queryRefundVerb = (chargeId: string, refundId: string): Verb<RefundStatus> => ({
  method: 'GET',
  path: ['charges', chargeId, 'refunds', refundId],
  ids: { chargeId, refundId },
  read: readStatus({ refunded: 'refunded' }),
  errors: queryRefundErrors,
})

/** `same`: codes that are our words already; `translated`: codes of ours by theirs; `values`: no errors at all. */
function errorsOf<Value>(
  same: readonly CarrierRefusal[],
  translated: Readonly<Record<string, CarrierRefusal>>,
  values: Readonly<Record<string, Value>> = {},
): Errors<Value> {
  return new Map<string, CarrierRefusal | { readonly value: Value }>([
    ...same.map((code) => [code, code] as const),
    ...Object.entries(translated),
    ...Object.entries(values).map(([code, value]) => [code, { value }] as const),
  ])
}
