/**
 * What a merchant's sink is told: CloudEvents 1.0, as both contracts define them. This file makes the
 * request; whoever delivers it keeps the schedule, and asks again for the request before each try, so
 * that a token which has expired meanwhile is not sent.
 */
import type { Clock, FieldCipher, Secret } from '../../kernel/index.ts'
import type { Payment, Refund } from '../../payments/index.ts'
import { paymentDetails, refundDetails } from './details.ts'
import { paymentsPath, refundsPath } from './present.ts'
import { paymentProblems, refundDenied } from './problems.ts'
import { openSink, type StoredSink } from './sink.ts'
import { type PaymentStatus, refundStatusOf, statusOf } from './status.ts'

export interface CloudEvent {
  /** The same for the same news: a sink that got it twice can tell. */
  readonly id: string
  readonly source: string
  readonly type: string
  readonly specversion: '1.0'
  readonly datacontenttype: 'application/json'
  readonly time: string
  readonly data: Readonly<Record<string, unknown>>
}

export interface SinkRequest {
  readonly id: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | Secret>>
  readonly body: string
  /** No try is made from this instant on (ms): the sink's token has expired by then. */
  readonly goodUntil: number | null
}

const instant = (at: number) => new Date(at).toISOString()

const paymentNews = {
  processing: null,
  pending_validation: ['payment-pending-validation', 'succeeded', 'The payment awaits its code.'],
  reserved: ['payment-reserved', 'succeeded', 'The amount is reserved.'],
  succeeded: ['payment-completed', 'succeeded', 'The payment is charged.'],
  cancelled: ['payment-cancelled', 'succeeded', 'The payment is cancelled. Nothing was charged.'],
  denied: ['payment-denied', 'failed', 'The payment is denied. Nothing was charged.'],
} as const satisfies Record<PaymentStatus, readonly [string, string, string] | null>

/**
 * The news of a payment that has reached `status` at `at`; undefined while it is processing. The
 * status is given, not read from the payment, because that may have moved on since.
 */
export function cloudEventFor(
  payment: Payment,
  change: { readonly status: PaymentStatus; readonly at: number },
  origin: string,
): CloudEvent | undefined {
  const news = paymentNews[change.status]
  if (news === null) return undefined
  const [type, status, description] = news
  const { id: paymentId, chargedAt, reason } = payment
  const completed = change.status === 'succeeded' && chargedAt !== null
  const denied = change.status === 'denied' && reason !== null
  return {
    id: `${paymentId}.${change.status}`,
    source: `${origin}${paymentsPath}`,
    type: `org.camaraproject.carrier-billing.v0.${type}`,
    specversion: '1.0',
    datacontenttype: 'application/json',
    time: instant(change.at),
    data: {
      paymentId,
      status,
      description,
      ...(completed && { paymentDate: instant(chargedAt) }),
      ...(denied && { denialReason: paymentProblems[reason][2] }),
    },
  }
}

/** The news of a refund that has ended; undefined while it is processing. */
export function refundEventFor(refund: Refund, origin: string): CloudEvent | undefined {
  const { id: refundId, paymentId, endedAt } = refund
  const refundStatus = refundStatusOf(refund)
  if (refundStatus === 'processing' || endedAt === null) return undefined
  const returned = refundStatus === 'succeeded'
  return {
    id: `${refundId}.${refundStatus}`,
    source: `${origin}${refundsPath}`,
    type: `org.camaraproject.carrier-billing-refund.v0.refund-${returned ? 'completed' : 'denied'}`,
    specversion: '1.0',
    datacontenttype: 'application/json',
    time: instant(endedAt),
    data: {
      paymentId,
      refundId,
      status: returned ? 'succeeded' : 'failed',
      description: returned ? 'The money is back on the bill.' : 'The refund is denied.',
      ...(returned ? { refundDate: instant(endedAt) } : { denialReason: refundDenied[2] }),
    },
  }
}

/** What happened to a payment (`payment.event` jobs), as the status it brought. */
const statusByEvent: Readonly<Record<string, PaymentStatus>> = {
  reserved: 'reserved',
  charged: 'succeeded',
  refused: 'denied',
  charge_failed: 'denied',
  cancelled: 'cancelled',
  expired: 'cancelled',
  reversed: 'cancelled',
}

export interface SinkDependencies {
  readonly cipher: FieldCipher
  readonly clock: Clock
  readonly origin: string
}

/** The request for an event of a payment; undefined when it is no news or there is no open sink. */
export function sinkRequestFor(
  payment: Payment,
  event: { readonly type: string; readonly at: number },
  { cipher, clock, origin }: SinkDependencies,
): SinkRequest | undefined {
  // Refused in the request itself: the client was answered with the error, and knows no payment id.
  if (event.type === 'refused' && payment.prompts === 0) return undefined
  const asked = event.type === 'ordered' && statusOf(payment) === 'pending_validation'
  const status = asked ? 'pending_validation' : statusByEvent[event.type]
  const news = status && cloudEventFor(payment, { status, at: event.at }, origin)
  return news && requestFor(news, paymentDetails(payment), cipher, clock.now())
}

/** The request for a refund that has ended (events `refunded` and `refund_denied`). */
export function sinkRequestForRefund(
  refund: Refund,
  { cipher, clock, origin }: SinkDependencies,
): SinkRequest | undefined {
  const news = refundEventFor(refund, origin)
  return news && requestFor(news, refundDetails(refund), cipher, clock.now())
}

function requestFor(
  news: CloudEvent,
  stored: StoredSink | undefined,
  cipher: FieldCipher,
  now: number,
): SinkRequest | undefined {
  const open = openSink(stored, cipher, now)
  if (!open) return undefined
  const { url, authorization } = open
  return {
    id: news.id,
    url,
    headers: {
      'content-type': 'application/cloudevents+json',
      'x-correlator': news.id,
      ...(authorization && { authorization }),
    },
    body: JSON.stringify(news),
    goodUntil: stored?.sinkTokenExpiresAt ?? null,
  }
}
