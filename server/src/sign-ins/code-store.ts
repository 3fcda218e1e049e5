/** The tables `code_sends` and `sign_in_code`: all their SQL. */
import type { Tx } from '../db/index.ts'
import { bucketOf, type Msisdn } from '../kernel/index.ts'
import type { CodeTries } from './one-time-code.ts'

/** Locks the number's row, which it makes if need be; the times of its codes, oldest first. */
export async function lockSends(tx: Tx, msisdn: Msisdn): Promise<number[]> {
  const [row] = await tx.query<{ sends: number[] }>(
    `insert into code_sends (msisdn, sends, last_sent_at) values ($1, '[]', 0)
     on conflict (msisdn) do update set msisdn = excluded.msisdn returning sends`,
    [msisdn],
  )
  return row?.sends ?? []
}

export async function saveSends(tx: Tx, msisdn: Msisdn, sends: readonly number[]): Promise<void> {
  await tx.query(
    'update code_sends set sends = $2::jsonb, last_sent_at = $3::int8 where msisdn = $1',
    [msisdn, JSON.stringify(sends), sends.at(-1) ?? 0],
  )
}

/** A number has one code at a time: a new one replaces the old. */
export async function saveCode(tx: Tx, msisdn: Msisdn, code: CodeTries): Promise<void> {
  await tx.query(
    `insert into sign_in_code (bucket, msisdn, code_mac, tries, expires_at)
     values ($1, $2, $3, $4::int, $5::int8)
     on conflict (bucket, msisdn) do update set code_mac = excluded.code_mac,
       tries = excluded.tries, expires_at = excluded.expires_at`,
    [bucketOf(msisdn), msisdn, code.mac, code.tries, code.expiresAt],
  )
}

/** Holds the row until the transaction ends, so that tries of one code come one after another. */
export async function lockCode(tx: Tx, msisdn: Msisdn): Promise<CodeTries | undefined> {
  const [row] = await tx.query<{ code_mac: string; tries: number; expires_at: bigint }>(
    `select code_mac, tries, expires_at from sign_in_code
     where bucket = $1 and msisdn = $2 for update`,
    [bucketOf(msisdn), msisdn],
  )
  return row && { mac: row.code_mac, tries: row.tries, expiresAt: Number(row.expires_at) }
}

export async function countTry(tx: Tx, msisdn: Msisdn): Promise<void> {
  await tx.query('update sign_in_code set tries = tries + 1 where bucket = $1 and msisdn = $2', [
    bucketOf(msisdn),
    msisdn,
  ])
}

export async function deleteCode(tx: Tx, msisdn: Msisdn): Promise<void> {
  await tx.query('delete from sign_in_code where bucket = $1 and msisdn = $2', [
    bucketOf(msisdn),
    msisdn,
  ])
}

/** What serves nobody any more; sends count for a day. */
export async function forgetCodes(tx: Tx, now: number): Promise<void> {
  await tx.query('delete from sign_in_code where expires_at < $1::int8', [now])
  await tx.query('delete from code_sends where last_sent_at < $1::int8', [now - 86_400_000])
}
