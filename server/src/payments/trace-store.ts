/** The tables around a payment: business keys, messages taken, events, confirmation slots, the day. */
import { int8s, jsons, type Reader, type Statement, type Tx, texts, uuids } from '../db/index.ts'
import { bucketOf } from '../kernel/index.ts'
import type { PaymentEvent, Slot } from './traces.ts'

export interface KeyRow {
  readonly scope: string
  readonly key: string
  readonly contentHash: string
  readonly subject: string
}

const claimKeysStatement: Statement = {
  name: 'business_key.claim',
  text: `with claimed as (
      insert into business_key (bucket, scope, key, content_hash, subject, created_at)
      select b, s, k, h, p, $6 from unnest($1::int2[], $2::text[], $3::text[], $4::text[], $5::uuid[])
        as u (b, s, k, h, p) order by b, s, k
      on conflict do nothing returning 1
    ) select count(*) as count from claimed`,
}
const readKeysStatement: Statement = {
  name: 'business_key.read',
  text: `select k.scope, k.key, k.content_hash, k.subject
    from unnest($1::int2[], $2::text[], $3::text[]) as u (bucket, scope, key)
    cross join lateral (
      select scope, key, content_hash, subject from business_key b
      where b.bucket = u.bucket and b.scope = u.scope and b.key = u.key offset 0
    ) k`,
}

/**
 * Writes the keys that are new and answers with all as they stand: a key that was there keeps its first
 * subject. Two transactions with the same key meet at the insert, and the second waits for the first to
 * end. When all of them are new, as they almost always are, nothing has to be read.
 */
export async function claimKeys(tx: Tx, rows: readonly KeyRow[], now: number): Promise<KeyRow[]> {
  if (rows.length === 0) return []
  const names = keyNames(rows)
  const [claimed] = await tx.query<{ count: bigint }>(claimKeysStatement, [
    ...names,
    texts(rows.map((row) => row.contentHash)),
    uuids(rows.map((row) => row.subject)),
    now,
  ])
  if (claimed?.count === BigInt(rows.length)) return [...rows]
  return readKeys(tx, rows)
}

type KeyName = Pick<KeyRow, 'scope' | 'key'>

async function readKeys(reader: Reader, rows: readonly KeyName[]): Promise<KeyRow[]> {
  const found = await reader.query<{
    scope: string
    key: string
    content_hash: string
    subject: string
  }>(readKeysStatement, keyNames(rows))
  return found.map((row) => ({
    scope: row.scope,
    key: row.key,
    contentHash: row.content_hash,
    subject: row.subject,
  }))
}

/** What a key stands for, to look at. */
export const readKey = async (reader: Reader, key: KeyName): Promise<KeyRow | undefined> =>
  (await readKeys(reader, [key]))[0]

const moveKeysStatement: Statement = {
  name: 'business_key.move',
  text: `update business_key k set content_hash = u.h, subject = u.p
    from unnest($1::int2[], $2::text[], $3::text[], $4::text[], $5::uuid[]) as u (b, s, k, h, p)
    where k.bucket = u.b and k.scope = u.s and k.key = u.k`,
}
const freeKeysStatement: Statement = {
  name: 'business_key.free',
  text: `delete from business_key k
    using unnest($1::int2[], $2::text[], $3::text[]) as u (b, s, k)
    where k.bucket = u.b and k.scope = u.s and k.key = u.k`,
}

/** Only for keys that this transaction has claimed: nobody else has seen them yet. */
export function settleKeys(
  tx: Tx,
  { moved, freed }: { readonly moved: readonly KeyRow[]; readonly freed: readonly KeyRow[] },
): void {
  if (moved.length > 0)
    tx.write(moveKeysStatement, [
      ...keyNames(moved),
      texts(moved.map((row) => row.contentHash)),
      uuids(moved.map((row) => row.subject)),
    ])
  if (freed.length > 0) tx.write(freeKeysStatement, keyNames(freed))
}

const keyNames = (rows: readonly KeyName[]) => [
  int8s(rows.map((row) => bucketOf(row.scope + row.key))),
  texts(rows.map((row) => row.scope)),
  texts(rows.map((row) => row.key)),
]

export interface MessageKey {
  readonly bucket: number
  readonly key: string
  readonly receivedAt: number
  /** The same key within this time is the same message; for a gateway's own id: for ever. */
  readonly windowMs: number
}

const takeMessagesStatement: Statement = {
  name: 'inbound_message.take',
  text: `insert into inbound_message as m (bucket, key, received_at, window_ms)
    select b, k, r, w from unnest($1::int2[], $2::text[], $3::int8[], $4::int8[]) as u (b, k, r, w)
      order by b, k
    on conflict (bucket, key) do update set received_at = excluded.received_at
      where m.received_at + m.window_ms < excluded.received_at
    returning key`,
}

/** Remembers the messages and answers with the keys that are new. Keys must differ. */
export async function takeMessages(tx: Tx, keys: readonly MessageKey[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set()
  const rows = await tx.query<{ key: string }>(takeMessagesStatement, [
    int8s(keys.map((key) => key.bucket)),
    texts(keys.map((key) => key.key)),
    int8s(keys.map((key) => key.receivedAt)),
    int8s(keys.map((key) => key.windowMs)),
  ])
  return new Set(rows.map((row) => row.key))
}

const slotsStatement: Statement = {
  name: 'confirmation_slot.of_numbers',
  text: `select s.* from unnest($1::int2[], $2::text[]) as k (bucket, msisdn)
    cross join lateral (
      select * from confirmation_slot slot
      where slot.bucket = k.bucket and slot.msisdn = k.msisdn offset 0
    ) s`,
}
const saveSlotsStatement: Statement = {
  name: 'confirmation_slot.save',
  text: `insert into confirmation_slot
      (bucket, msisdn, service, slot, payment_id, taken_at, ended_at)
    select * from unnest($1::int2[], $2::text[], $3::text[], $4::int2[], $5::uuid[], $6::int8[],
      $7::int8[])
    on conflict (bucket, msisdn, service, slot) do update set payment_id = excluded.payment_id,
      taken_at = excluded.taken_at, ended_at = excluded.ended_at`,
}

export async function slotsOf(reader: Reader, msisdns: readonly string[]): Promise<Slot[]> {
  if (msisdns.length === 0) return []
  const rows = await reader.query<{
    bucket: number
    msisdn: string
    service: string
    slot: number
    payment_id: string
    taken_at: bigint
    ended_at: bigint | null
  }>(slotsStatement, [int8s(msisdns.map(bucketOf)), texts(msisdns)])
  return rows.map((row) => ({
    bucket: row.bucket,
    msisdn: row.msisdn,
    service: row.service,
    slot: row.slot,
    paymentId: row.payment_id,
    takenAt: Number(row.taken_at),
    endedAt: row.ended_at === null ? null : Number(row.ended_at),
  }))
}

export function saveSlots(tx: Tx, slots: readonly Slot[]): void {
  if (slots.length === 0) return
  tx.write(saveSlotsStatement, [
    int8s(slots.map((slot) => slot.bucket)),
    texts(slots.map((slot) => slot.msisdn)),
    texts(slots.map((slot) => slot.service)),
    int8s(slots.map((slot) => slot.slot)),
    uuids(slots.map((slot) => slot.paymentId)),
    int8s(slots.map((slot) => slot.takenAt)),
    int8s(slots.map((slot) => slot.endedAt)),
  ])
}

const saveEventsStatement: Statement = {
  name: 'payment_event.insert',
  text: `insert into payment_event (bucket, payment_id, seq, type, at, data)
    select b, p, s, t, a, d::jsonb from unnest($1::int2[], $2::uuid[], $3::int4[], $4::text[],
      $5::int8[], $6::text[]) as u (b, p, s, t, a, d)`,
}

export function saveEvents(tx: Tx, events: readonly PaymentEvent[]): void {
  if (events.length === 0) return
  tx.write(saveEventsStatement, [
    int8s(events.map((event) => event.bucket)),
    uuids(events.map((event) => event.paymentId)),
    int8s(events.map((event) => event.seq)),
    texts(events.map((event) => event.type)),
    int8s(events.map((event) => event.at)),
    jsons(events.map((event) => event.data)),
  ])
}

export interface HistoryEvent {
  readonly seq: number
  readonly type: string
  readonly at: number
  readonly data: Readonly<Record<string, unknown>>
}

/** What happened to a payment, oldest first. */
export async function historyOf(
  reader: Reader,
  bucket: number,
  paymentId: string,
): Promise<HistoryEvent[]> {
  const rows = await reader.query<Omit<HistoryEvent, 'at'> & { at: bigint }>(
    'select seq, type, at, data from payment_event where bucket = $1 and payment_id = $2 order by seq',
    [bucket, paymentId],
  )
  return rows.map((row) => ({ ...row, at: Number(row.at) }))
}

/** The last closed business day, locked against closing until this transaction ends. */
export async function closedThrough(tx: Tx): Promise<string | null> {
  const [row] = await tx.query<{ closed_through: string | null }>(closedThroughStatement)
  return row?.closed_through ?? null
}
const closedThroughStatement: Statement = {
  name: 'business_day.closed_through',
  text: 'select closed_through from business_day for share',
}

/**
 * Up to which business date these merchants' sales were swept; locked against sweeping until this
 * transaction ends.
 */
export async function sweptThrough(
  tx: Tx,
  merchantIds: readonly string[],
): Promise<Map<string, string | null>> {
  if (merchantIds.length === 0) return new Map()
  const rows = await tx.query<{ id: string; swept_through: string | null }>(sweptStatement, [
    texts(merchantIds),
  ])
  const swept = new Map(rows.map((row) => [row.id, row.swept_through]))
  return new Map(merchantIds.map((id) => [id, swept.get(id) ?? null]))
}
const sweptStatement: Statement = {
  name: 'merchant.swept_through',
  text: 'select id, swept_through from merchant where id = any($1::text[]) order by id for share',
}

/** The start of a block of a thousand order numbers, no other process will ever get. */
export async function orderNumberBlock(tx: Tx): Promise<bigint> {
  const [row] = await tx.query<{ first: bigint }>(orderNumberStatement)
  return row?.first ?? 0n
}
const orderNumberStatement: Statement = {
  name: 'order_number.block',
  text: `select nextval('order_number') as first`,
}
