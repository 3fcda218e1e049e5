/**
 * Takes what happened to payments from the outbox and tells those who asked to be told: merchants'
 * webhooks, and the sinks of carrier-billing clients. Whatever is recorded here is recorded once.
 */

import { type SinkRequest, sinkRequestFor, sinkRequestForRefund } from '../channels/camara/index.ts'
import {
  type EventRecorder,
  type EventType,
  recordNotices,
  type WebhookEvent,
} from '../channels/webhooks/index.ts'
import {
  appendJobs,
  createWorker,
  type Database,
  isOutage,
  type Job,
  type JobOutcome,
  settleJobs,
  type Worker,
} from '../db/index.ts'
import type { Clock, FieldCipher } from '../kernel/index.ts'
import {
  eventJobs,
  numberForMerchant,
  type Payment,
  type Payments,
  type Refund,
  type TravellingEvent,
  topics,
} from '../payments/index.ts'

export interface NotifierOptions {
  readonly db: Database
  readonly clock: Clock
  readonly payments: Payments
  readonly recorder: EventRecorder
  readonly cipher: FieldCipher
  readonly origin: string
  readonly onEvent: (type: string) => void
  readonly onError: (error: unknown) => void
}

/** What a merchant's webhook calls it. Other events are steps on the way and told to nobody. */
const eventTypes: Readonly<Record<string, EventType>> = {
  ordered: 'payment.asked',
  charged: 'payment.charged',
  delivered: 'payment.delivered',
  charge_failed: 'payment.declined',
  refused: 'payment.declined',
  cancelled: 'payment.cancelled',
  expired: 'payment.expired',
  unknown: 'payment.unknown',
  reversed: 'payment.reversed',
  refunded: 'refund.succeeded',
  refund_denied: 'refund.denied',
}

export function createNotifier(options: NotifierOptions): Worker {
  const { db, clock, payments, recorder } = options

  /** Most events nobody asked to be told of: their payments need not be read. */
  function isWanted({ type, merchantId, client, data }: TravellingEvent): boolean {
    const told = eventTypes[type]
    if (merchantId === undefined || typeof client === 'string') return true
    if (told === undefined) return false
    return recorder.isHeard(merchantId, told) || data.state === 'delivering'
  }

  async function load(happened: TravellingEvent) {
    options.onEvent(happened.type)
    if (!isWanted(happened)) return []
    const payment = await payments.get(happened.paymentId)
    const { refundId } = happened.data
    const refund = typeof refundId === 'string' ? await payments.getRefund(refundId) : undefined
    return payment ? [{ happened, payment, refund }] : []
  }

  async function tell(jobs: readonly Job[]): Promise<void> {
    await recorder.refresh()
    const news = (await Promise.all(jobs.flatMap(eventsOf).map(load))).flat()
    const events = news.flatMap(webhookEventOf)
    const notices = news.flatMap((one) => sinkRequestsOf(one, options))
    await db.transact(async (tx) => {
      recorder.record(tx, events)
      recordNotices(tx, notices, { cipher: options.cipher, now: clock.now() })
      settleJobs(tx, jobs)
    })
    await deliverUnheard(news, options)
  }

  async function handler(jobs: readonly Job[]): Promise<JobOutcome[]> {
    try {
      await tell(jobs)
    } catch (error) {
      const [job] = jobs
      if (jobs.length > 1 || !job || eventsOf(job).length < 2 || isOutage(error)) throw error
      options.onError(error)
      await apart(job)
    }
    return jobs.map(() => ({ kind: 'settled' }))
  }

  /** One of these events cannot be told: from now on each goes its own way. */
  const apart = (job: Job) =>
    db.transact(async (tx) => {
      settleJobs(tx, [job])
      appendJobs(
        tx,
        eventsOf(job).flatMap((event) => eventJobs([event])),
      )
    })
  return createWorker({
    db,
    clock,
    topic: topics.event,
    batch: 8,
    handler,
    onError: options.onError,
  })
}

/** A job of version 0.1 holds one event, not in a list, and does not say who may want it. */
const eventsOf = (job: Job): readonly TravellingEvent[] =>
  [job.payload as TravellingEvent | readonly TravellingEvent[]].flat()

interface News {
  readonly happened: TravellingEvent
  readonly payment: Payment
  readonly refund: Refund | undefined
}

function webhookEventOf({ happened, payment, refund }: News): WebhookEvent[] {
  const type = eventTypes[happened.type]
  if (type === undefined) return []
  const { bucket, merchantId } = payment
  const { paymentId, seq, at } = happened
  return [{ bucket, merchantId, type, paymentId, seq, at, data: dataOf(payment, refund) }]
}

/** What a merchant needs to go on; the state may have moved since, `GET` tells the truth. */
const dataOf = (payment: Payment, refund: Refund | undefined) => ({
  paymentId: payment.id,
  orderNo: payment.orderNo,
  orderId: payment.merchantOrderId,
  msisdn: numberForMerchant(payment),
  product: payment.product,
  account: payment.account,
  amount: payment.amount.toString(),
  currency: 'CNY',
  channel: payment.channel,
  ...(payment.reason !== null && { reason: payment.reason }),
  ...(refund && {
    refundId: refund.id,
    merchantRefundId: refund.merchantRefundId,
    refundAmount: refund.amount.toString(),
  }),
})

function sinkRequestsOf({ happened, payment, refund }: News, options: NotifierOptions) {
  const tools = { cipher: options.cipher, clock: options.clock, origin: options.origin }
  const about = (request: SinkRequest | undefined) =>
    request ? [{ ...request, bucket: payment.bucket }] : []
  const ended = happened.type === 'refunded' || happened.type === 'refund_denied'
  if (ended && refund) return about(sinkRequestForRefund(refund, tools))
  return about(sinkRequestFor(payment, happened, tools))
}

/**
 * Who was told of charges when this one was made and is no more, would never say what became of the
 * goods: it has them in its own hands.
 */
async function deliverUnheard(
  news: readonly News[],
  { payments, recorder }: NotifierOptions,
): Promise<void> {
  const unheard = news.filter(
    ({ happened, payment }) =>
      happened.type === 'charged' &&
      payment.state === 'delivering' &&
      !recorder.isHeard(payment.merchantId, 'payment.charged'),
  )
  // Side by side, so that they share a batch.
  await Promise.all(
    unheard.map(({ payment: { id: paymentId, msisdn } }) =>
      payments.delivery({ paymentId, msisdn, result: 'delivered' }),
    ),
  )
}
