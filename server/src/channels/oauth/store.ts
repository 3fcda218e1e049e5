/** All SQL of the authorization server. Times are ms since 1970 UTC. */
import type { Reader, Tx } from '../../db/index.ts'
import type { Msisdn } from '../../kernel/index.ts'

export interface RecordRow {
  readonly payload: Record<string, unknown>
  readonly consumed_at: bigint | null
}

export interface NewRecord {
  readonly model: string
  readonly id: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly grantId: string | null
  readonly userCode: string | null
  readonly uid: string | null
  readonly expiresAt: number | null
}

export async function upsertRecord(tx: Tx, record: NewRecord): Promise<void> {
  await tx.query(
    `insert into oauth_record (model, id, payload, grant_id, user_code, uid, expires_at)
     values ($1, $2, $3::jsonb, $4, $5, $6, $7::int8)
     on conflict (model, id) do update set payload = excluded.payload,
       grant_id = excluded.grant_id, user_code = excluded.user_code, uid = excluded.uid,
       expires_at = excluded.expires_at`,
    [
      record.model,
      record.id,
      JSON.stringify(record.payload),
      record.grantId,
      record.userCode,
      record.uid,
      record.expiresAt,
    ],
  )
}

const recordBy = {
  id: 'select payload, consumed_at from oauth_record where model = $1 and id = $2',
  uid: 'select payload, consumed_at from oauth_record where model = $1 and uid = $2',
  user_code: 'select payload, consumed_at from oauth_record where model = $1 and user_code = $2',
}

export async function findRecord(
  reader: Reader,
  model: string,
  by: keyof typeof recordBy,
  value: string,
): Promise<RecordRow | undefined> {
  const [row] = await reader.query<RecordRow>(recordBy[by], [model, value])
  return row
}

/** Marks a code or refresh token as used; false when it was used before. */
export async function consumeRecord(tx: Tx, model: string, id: string, now: number) {
  const rows = await tx.query(
    `update oauth_record set consumed_at = $3::int8
     where model = $1 and id = $2 and consumed_at is null returning id`,
    [model, id, now],
  )
  return rows.length === 1
}

export async function deleteRecord(tx: Tx, model: string, id: string): Promise<void> {
  await tx.query('delete from oauth_record where model = $1 and id = $2', [model, id])
}

export async function deleteGrant(tx: Tx, grantId: string): Promise<void> {
  await tx.query('delete from oauth_record where grant_id = $1', [grantId])
}

/** Removes what nobody can use any more; returns how many rows of each kind went, at most `limit`. */
export async function purgeExpired(tx: Tx, now: number, limit: number) {
  const records = await tx.query(
    `delete from oauth_record where (model, id) in
       (select model, id from oauth_record where expires_at < $1::int8 limit $2::int) returning id`,
    [now, limit],
  )
  const codes = await tx.query(
    `delete from oauth_code where uid in
       (select uid from oauth_code where expires_at < $1::int8 limit $2::int) returning uid`,
    [now, limit],
  )
  return { records: records.length, codes: codes.length }
}

export interface KeyRow {
  readonly slot: number
  readonly kid: string
  readonly algorithm: string
  readonly public_jwk: Record<string, unknown>
  readonly private_sealed: string
  readonly signs_from: bigint
  readonly retires_at: bigint | null
}

/** Newest first. */
export const readKeys = (reader: Reader) =>
  reader.query<KeyRow>(
    `select slot, kid, algorithm, public_jwk, private_sealed, signs_from, retires_at
     from oauth_key order by slot desc`,
  )

export interface NewKey {
  readonly slot: number
  readonly kid: string
  readonly algorithm: string
  readonly publicJwk: object
  readonly privateSealed: string
  readonly createdAt: number
  readonly signsFrom: number
}

/** False when another process was first with this slot. */
export async function insertKey(tx: Tx, key: NewKey): Promise<boolean> {
  const rows = await tx.query(
    `insert into oauth_key
       (slot, kid, algorithm, public_jwk, private_sealed, created_at, signs_from)
     values ($1::int, $2, $3, $4::jsonb, $5, $6::int8, $7::int8)
     on conflict (slot) do nothing returning slot`,
    [
      key.slot,
      key.kid,
      key.algorithm,
      JSON.stringify(key.publicJwk),
      key.privateSealed,
      key.createdAt,
      key.signsFrom,
    ],
  )
  return rows.length === 1
}

export async function retireKeysBefore(tx: Tx, slot: number, retiresAt: number): Promise<void> {
  await tx.query(
    'update oauth_key set retires_at = $2::int8 where slot < $1::int and retires_at is null',
    [slot, retiresAt],
  )
}

export async function deleteRetiredKeys(tx: Tx, now: number): Promise<void> {
  await tx.query('delete from oauth_key where retires_at < $1::int8', [now])
}

/** The opaque name of a number for a merchant: the one there is, else the one offered. */
export async function subjectFor(
  tx: Tx,
  offer: {
    readonly subject: string
    readonly merchantId: string
    readonly msisdn: Msisdn
    readonly now: number
  },
): Promise<string> {
  const [row] = await tx.query<{ subject: string }>(
    `insert into oauth_subject (subject, merchant_id, msisdn, created_at)
     values ($1, $2, $3, $4::int8)
     on conflict (merchant_id, msisdn) do update set merchant_id = excluded.merchant_id
     returning subject`,
    [offer.subject, offer.merchantId, offer.msisdn, offer.now],
  )
  return row?.subject ?? offer.subject
}

export async function msisdnOf(reader: Reader, subject: string): Promise<Msisdn | undefined> {
  const [row] = await reader.query<{ msisdn: string }>(
    'select msisdn from oauth_subject where subject = $1',
    [subject],
  )
  return row?.msisdn
}

/** The number's subjects, and every record that was made for them. */
export async function forgetNumber(tx: Tx, msisdn: Msisdn): Promise<void> {
  await tx.query(
    `delete from oauth_record where payload->>'accountId' in
       (select subject from oauth_subject where msisdn = $1)`,
    [msisdn],
  )
  await tx.query('delete from oauth_subject where msisdn = $1', [msisdn])
}
