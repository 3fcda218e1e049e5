/** The tables of texts: what was received and sent, and parts that wait for the rest. */
import { int8s, type Reader, type Statement, type Tx, texts, uuids } from '../../db/index.ts'
import { bucketOf, type Msisdn } from '../../kernel/index.ts'

export interface SmsRecord {
  readonly bucket: number
  readonly id: string
  readonly direction: 'in' | 'out'
  readonly msisdn: Msisdn
  readonly service: string
  readonly text: string
  readonly parts: number
  readonly state: string
  readonly gateway: string
  readonly paymentId: string | null
  readonly at: number
  /** The gateway's ids of the parts we sent. */
  readonly partIds: readonly string[]
}

const insertMessages: Statement = {
  name: 'sms_message.insert',
  text: `insert into sms_message (bucket, id, direction, msisdn, service, text, parts, state, gateway,
      payment_id, at, updated_at)
    select b, i, d, m, s, t, p, st, g, pay, a, a
      from unnest($1::int2[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int2[],
        $8::text[], $9::text[], $10::uuid[], $11::int8[])
      as u (b, i, d, m, s, t, p, st, g, pay, a)
    on conflict (bucket, id) do nothing`,
}
const insertParts: Statement = {
  name: 'sms_part_sent.insert',
  text: `insert into sms_part_sent (bucket, gateway, message_id, sms_id)
    select * from unnest($1::int2[], $2::text[], $3::text[], $4::uuid[])
    on conflict do nothing`,
}

/** A record written twice (the job that sent it ran twice) stays the first. */
export function saveMessages(tx: Tx, records: readonly SmsRecord[]): void {
  if (records.length === 0) return
  tx.write(insertMessages, [
    int8s(records.map((record) => record.bucket)),
    uuids(records.map((record) => record.id)),
    texts(records.map((record) => record.direction)),
    texts(records.map((record) => record.msisdn)),
    texts(records.map((record) => record.service)),
    texts(records.map((record) => record.text)),
    int8s(records.map((record) => record.parts)),
    texts(records.map((record) => record.state)),
    texts(records.map((record) => record.gateway)),
    uuids(records.map((record) => record.paymentId)),
    int8s(records.map((record) => record.at)),
  ])
  const parts = records.flatMap((record) =>
    record.partIds.map((partId) => ({ ...record, partId, bucket: bucketOf(partId) })),
  )
  if (parts.length === 0) return
  tx.write(insertParts, [
    int8s(parts.map((part) => part.bucket)),
    texts(parts.map((part) => part.gateway)),
    texts(parts.map((part) => part.partId)),
    uuids(parts.map((part) => part.id)),
  ])
}

export interface ReceiptNote {
  readonly gateway: string
  readonly messageId: string
  readonly state: string
}

/** Of a text that is still on its way. */
const underWay = `('accepted', 'ENROUTE', 'ACCEPTED')`

// Receipts overtake each other, and each part of a text has its own: what is over does not come under
// way again, and a text of which one part was lost has not been delivered.
const noteReceiptsStatement: Statement = {
  name: 'sms_message.receipts',
  text: `with reported as materialized (
      select r.state, r.turn, p.sms_id
      from unnest($1::int2[], $2::text[], $3::text[], $4::text[]) with ordinality
        as r (bucket, gateway, message_id, state, turn)
      cross join lateral (
        select sms_id from sms_part_sent part
        where part.bucket = r.bucket and part.gateway = r.gateway
          and part.message_id = r.message_id
        offset 0
      ) p
    ), latest as (
      select distinct on (sms_id) sms_id, state from reported
        order by sms_id, state in ${underWay}, state = 'DELIVERED', turn desc
    ), noted as (
      update sms_message m set updated_at = $5, state =
          case when m.state in ${underWay} or (m.state = 'DELIVERED' and latest.state not in ${underWay})
            then latest.state else m.state end
        from latest
      where m.bucket = ('x' || right(latest.sms_id::text, 2))::bit(8)::int & 63
        and m.id = latest.sms_id
    )
    select turn from reported`,
}

/** Notes what receipts say, and answers with those of known texts: the others may not be recorded yet. */
export async function noteReceipts(
  tx: Tx,
  receipts: readonly ReceiptNote[],
  now: number,
): Promise<Set<ReceiptNote | undefined>> {
  if (receipts.length === 0) return new Set()
  const rows = await tx.query<{ turn: bigint }>(noteReceiptsStatement, [
    int8s(receipts.map((receipt) => bucketOf(receipt.messageId))),
    texts(receipts.map((receipt) => receipt.gateway)),
    texts(receipts.map((receipt) => receipt.messageId)),
    texts(receipts.map((receipt) => receipt.state)),
    now,
  ])
  return new Set(rows.map((row) => receipts[Number(row.turn) - 1]))
}

/** The texts of a number, newest last. */
export async function messagesOf(
  reader: Reader,
  msisdn: Msisdn,
  limit: number,
): Promise<Omit<SmsRecord, 'partIds'>[]> {
  const rows = await reader.query<{
    bucket: number
    id: string
    direction: 'in' | 'out'
    msisdn: string
    service: string
    text: string
    parts: number
    state: string
    gateway: string
    payment_id: string | null
    at: bigint
  }>(
    `select * from sms_message where bucket = $1 and msisdn = $2 order by at desc, id desc limit $3`,
    [bucketOf(msisdn), msisdn, limit],
  )
  return rows.reverse().map(({ payment_id, at, ...row }) => ({
    ...row,
    paymentId: payment_id,
    at: Number(at),
  }))
}

export interface WaitingPart {
  readonly seq: number
  readonly text: string
  /** The gateway's id of this part, if it gives one. */
  readonly messageId: string | null
}

/**
 * Keeps one part of a long text and answers with all parts there are. The lock makes two parts that
 * arrive on two links at once see each other. The same place with another content is the next text
 * under a reference that has come round again: what is left of the older one will never be whole.
 */
export async function keepPart(
  tx: Tx,
  part: WaitingPart & { readonly from: Msisdn; readonly key: string; readonly total: number },
  now: number,
): Promise<WaitingPart[]> {
  const bucket = bucketOf(part.from)
  const { key, seq, total, text, messageId } = part
  const lock = 'select pg_advisory_xact_lock(hashtextextended($1, 0))'
  // As JSON: a character may be cut in two between parts, and its halves are no text to a database.
  const content = JSON.stringify(text)
  const [, , , rows] = await Promise.all([
    tx.query(lock, [key]),
    tx.query(
      `delete from sms_part_received where bucket = $1 and key = $2 and exists (
        select 1 from sms_part_received p where p.bucket = $1 and p.key = $2 and p.seq = $3
          and split_part(p.text, e'\\n', 1) <> $4)`,
      [bucket, key, seq, content],
    ),
    tx.query(
      `insert into sms_part_received (bucket, key, seq, total, text, received_at)
        values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
      [bucket, key, seq, total, `${content}\n${messageId ?? ''}`, now],
    ),
    tx.query<{ seq: number; text: string }>(
      'select seq, text from sms_part_received where bucket = $1 and key = $2 order by seq',
      [bucket, key],
    ),
  ])
  return rows.map((row) => {
    const [written = '""', id = ''] = row.text.split('\n')
    return { seq: row.seq, text: JSON.parse(written) as string, messageId: id || null }
  })
}

export function dropParts(tx: Tx, from: Msisdn, key: string): void {
  tx.write('delete from sms_part_received where bucket = $1 and key = $2', [bucketOf(from), key])
}

/** Forgets parts whose text never completed: what is left of it could not be understood anyway. */
export async function dropOldParts(tx: Tx, before: number): Promise<void> {
  await tx.query('delete from sms_part_received where received_at < $1', [before])
}
