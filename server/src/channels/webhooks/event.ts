/** What merchants are told of, and the text they are told it in. */
import { createHash } from 'node:crypto'
import { bucketCount } from '../../kernel/index.ts'

export const eventTypes = [
  'payment.asked',
  'payment.charged',
  'payment.delivered',
  'payment.declined',
  'payment.cancelled',
  'payment.expired',
  'payment.unknown',
  'payment.reversed',
  'refund.succeeded',
  'refund.denied',
] as const
export type EventType = (typeof eventTypes)[number]

export interface WebhookEvent {
  readonly bucket: number
  readonly merchantId: string
  readonly type: EventType
  readonly paymentId: string
  /** The number of the payment's own event: a payment's events are delivered in this order. */
  readonly seq: number
  /** When it happened, ms. */
  readonly at: number
  /** Plain JSON; amounts as strings of minor units. */
  readonly data: Readonly<Record<string, unknown>>
}

/**
 * The id of an event follows from what it is, so recording it twice is recording it once. Shaped like
 * every id (UUIDv7, ordered by time, with the bucket), the random part replaced by a hash.
 */
export function eventIdOf(event: Omit<WebhookEvent, 'data' | 'merchantId'>): string {
  const name = `${event.paymentId}/${event.seq}/${event.type}`
  const hash = createHash('sha256').update(name).digest()
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(event.at, 0, 6)
  hash.copy(bytes, 6, 0, 10)
  bytes[6] = 0x70 | ((hash[0] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((hash[2] ?? 0) & 0x3f)
  bytes[15] = ((hash[9] ?? 0) & ~(bucketCount - 1)) | event.bucket
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The payload of Standard Webhooks: type, timestamp, data. Made once; every try sends this text. */
export const bodyOf = (id: string, event: WebhookEvent): string =>
  JSON.stringify({
    id,
    type: event.type,
    timestamp: new Date(event.at).toISOString(),
    data: event.data,
  })
