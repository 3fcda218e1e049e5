/** The tables `webhook_event` and `webhook_delivery`: all their SQL. */
import { int8s, type Reader, type Statement, type Tx, texts, uuids } from '../../db/index.ts'
import type { EventType, WebhookEvent } from './event.ts'
import type { DeliveryState, Progress } from './schedule.ts'

export interface DeliveryKey {
  readonly bucket: number
  readonly eventId: string
  readonly endpointId: string
}

/** One event on its way to one endpoint. */
export interface Delivery extends DeliveryKey, Progress {
  readonly merchantId: string
  readonly paymentId: string
  readonly seq: number
  readonly type: EventType
  readonly createdAt: number
}

/** A delivery that is due, with what is sent and what it has to wait for. */
export interface DueDelivery extends Delivery {
  readonly body: string
  /** The next try of an earlier event of the payment at this endpoint; null when all are told. */
  readonly earlierNextAt: number | null
}

interface Row {
  bucket: number
  event_id: string
  endpoint_id: string
  merchant_id: string
  payment_id: string
  seq: number
  type: EventType
  state: DeliveryState
  attempts: number
  next_at: bigint | null
  last_status: number | null
  last_ms: number | null
  last_error: string | null
  created_at: bigint
  ended_at: bigint | null
}

const columns = `d.bucket, d.event_id, d.endpoint_id, d.merchant_id, d.payment_id, d.seq, d.type,
  d.state, d.attempts, d.next_at, d.last_status, d.last_ms, d.last_error, d.created_at, d.ended_at`

const timeOf = (value: bigint | null) => (value === null ? null : Number(value))

const toDelivery = (row: Row): Delivery => ({
  bucket: row.bucket,
  eventId: row.event_id,
  endpointId: row.endpoint_id,
  merchantId: row.merchant_id,
  paymentId: row.payment_id,
  seq: row.seq,
  type: row.type,
  state: row.state,
  attempts: row.attempts,
  nextAt: timeOf(row.next_at),
  lastStatus: row.last_status,
  lastMs: row.last_ms,
  lastError: row.last_error,
  createdAt: Number(row.created_at),
  endedAt: timeOf(row.ended_at),
})

const insertEventsStatement: Statement = {
  name: 'webhook_event.insert',
  text: `insert into webhook_event (bucket, id, merchant_id, type, payment_id, seq, at, body)
    select * from unnest($1::int2[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::int4[],
      $7::int8[], $8::text[]) on conflict do nothing`,
}

export type EventRow = Omit<WebhookEvent, 'data'> & { readonly id: string; readonly body: string }

/** An event that is there already stays as it is. */
export function insertEvents(tx: Tx, events: readonly EventRow[]): void {
  if (events.length === 0) return
  tx.write(insertEventsStatement, [
    int8s(events.map((event) => event.bucket)),
    uuids(events.map((event) => event.id)),
    texts(events.map((event) => event.merchantId)),
    texts(events.map((event) => event.type)),
    uuids(events.map((event) => event.paymentId)),
    int8s(events.map((event) => event.seq)),
    int8s(events.map((event) => event.at)),
    texts(events.map((event) => event.body)),
  ])
}

const insertDeliveriesStatement: Statement = {
  name: 'webhook_delivery.insert',
  text: `insert into webhook_delivery (bucket, event_id, endpoint_id, merchant_id, payment_id, seq,
      type, state, attempts, next_at, created_at)
    select b, e, p, m, y, s, t, 'pending', 0, n, n
    from unnest($1::int2[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::int4[], $7::text[],
      $8::int8[]) as u (b, e, p, m, y, s, t, n) on conflict do nothing`,
}

export type NewDelivery = Omit<Delivery, keyof Progress>

export function insertDeliveries(tx: Tx, deliveries: readonly NewDelivery[]): void {
  if (deliveries.length === 0) return
  tx.write(insertDeliveriesStatement, [
    ...keysOf(deliveries),
    texts(deliveries.map((delivery) => delivery.merchantId)),
    uuids(deliveries.map((delivery) => delivery.paymentId)),
    int8s(deliveries.map((delivery) => delivery.seq)),
    texts(deliveries.map((delivery) => delivery.type)),
    int8s(deliveries.map((delivery) => delivery.createdAt)),
  ])
}

const dueStatement: Statement = {
  name: 'webhook_delivery.due',
  text: `select ${columns}, e.body, (
      select min(o.next_at) from webhook_delivery o
      where o.bucket = d.bucket and o.payment_id = d.payment_id
        and o.endpoint_id = d.endpoint_id and o.seq < d.seq and o.state = 'pending'
    ) as earlier_next_at
    from unnest($1::int2[], $2::uuid[], $3::uuid[]) as k (bucket, event_id, endpoint_id)
    join webhook_delivery d using (bucket, event_id, endpoint_id)
    join webhook_event e on e.bucket = d.bucket and e.id = d.event_id
    where d.state = 'pending'`,
}

/** Those of the deliveries that are still to be told. */
export async function readDue(
  reader: Reader,
  keys: readonly DeliveryKey[],
): Promise<DueDelivery[]> {
  const rows = await reader.query<Row & { body: string; earlier_next_at: bigint | null }>(
    dueStatement,
    keysOf(keys),
  )
  return rows.map((row) => ({
    ...toDelivery(row),
    body: row.body,
    earlierNextAt: timeOf(row.earlier_next_at),
  }))
}

/** Writes what came of a try; false when somebody else has moved the delivery on since `before`. */
export async function saveProgress(tx: Tx, before: Delivery, after: Progress): Promise<boolean> {
  const rows = await tx.query(
    {
      name: 'webhook_delivery.progress',
      text: `update webhook_delivery set state = $5, attempts = $6, next_at = $7, last_status = $8,
          last_ms = $9, last_error = $10, ended_at = $11
        where bucket = $1 and event_id = $2 and endpoint_id = $3
          and state = 'pending' and attempts = $4 returning 1`,
    },
    [
      before.bucket,
      before.eventId,
      before.endpointId,
      before.attempts,
      after.state,
      after.attempts,
      after.nextAt,
      after.lastStatus,
      after.lastMs,
      after.lastError,
      after.endedAt,
    ],
  )
  return rows.length > 0
}

/** The next event of the payment that waits for its turn at the endpoint. */
export async function nextInOrder(
  reader: Reader,
  after: Delivery,
): Promise<DeliveryKey | undefined> {
  const [row] = await reader.query<{ event_id: string }>(
    {
      name: 'webhook_delivery.next_in_order',
      text: `select event_id from webhook_delivery
        where bucket = $1 and payment_id = $2 and endpoint_id = $3 and state = 'pending'
          and event_id <> $4
        order by seq limit 1`,
    },
    [after.bucket, after.paymentId, after.endpointId, after.eventId],
  )
  return row && { ...after, eventId: row.event_id }
}

/** Makes a delivery pending again, its count of tries at zero. */
export async function restart(tx: Tx, key: DeliveryKey, now: number): Promise<void> {
  await tx.query(
    `update webhook_delivery set state = 'pending', attempts = 0, next_at = $4, ended_at = null
     where bucket = $1 and event_id = $2 and endpoint_id = $3`,
    [key.bucket, key.eventId, key.endpointId, now],
  )
}

export async function readDelivery(
  reader: Reader,
  key: DeliveryKey,
): Promise<(Delivery & { readonly body: string }) | undefined> {
  const [row] = await reader.query<Row & { body: string }>(
    `select ${columns}, e.body from webhook_delivery d
     join webhook_event e on e.bucket = d.bucket and e.id = d.event_id
     where d.bucket = $1 and d.event_id = $2 and d.endpoint_id = $3`,
    [key.bucket, key.eventId, key.endpointId],
  )
  return row && { ...toDelivery(row), body: row.body }
}

export interface DeliveryFilter {
  readonly merchantId: string
  readonly state: DeliveryState | null
  readonly endpointId: string | null
  readonly paymentId: string | null
  readonly type: EventType | null
  /** The last one of the page before. */
  readonly before: { readonly eventId: string; readonly endpointId: string } | null
  readonly limit: number
}

/** A merchant's deliveries, the newest event first. */
export async function listDeliveries(reader: Reader, filter: DeliveryFilter): Promise<Delivery[]> {
  const rows = await reader.query<Row>(
    `select ${columns} from webhook_delivery d
     where merchant_id = $1 and ($2::text is null or state = $2)
       and ($3::uuid is null or endpoint_id = $3) and ($4::uuid is null or payment_id = $4)
       and ($5::text is null or type = $5)
       and ($6::uuid is null or (event_id, endpoint_id) < ($6, $7::uuid))
     order by event_id desc, endpoint_id desc limit $8`,
    [
      filter.merchantId,
      filter.state,
      filter.endpointId,
      filter.paymentId,
      filter.type,
      filter.before?.eventId ?? null,
      filter.before?.endpointId ?? null,
      filter.limit,
    ],
  )
  return rows.map(toDelivery)
}

const keysOf = (keys: readonly DeliveryKey[]) => [
  int8s(keys.map((key) => key.bucket)),
  uuids(keys.map((key) => key.eventId)),
  uuids(keys.map((key) => key.endpointId)),
]
