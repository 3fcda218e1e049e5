/** All SQL of the sign-in: codes under way. */
import type { Reader, Tx } from '../../../db/index.ts'
import type { Msisdn } from '../../../kernel/index.ts'
import type { CodeTries } from '../../../sign-ins/index.ts'

export interface SentCode extends CodeTries {
  readonly msisdn: Msisdn
  readonly sentAt: number
  readonly verifiedAt: number | null
}

interface CodeRow {
  readonly msisdn: string
  readonly code_mac: string
  readonly tries: number
  readonly sent_at: bigint
  readonly expires_at: bigint
  readonly verified_at: bigint | null
}

/** A sign-in has one code at a time: a new one replaces the old. */
export async function saveCode(tx: Tx, uid: string, code: SentCode): Promise<void> {
  await tx.query(
    `insert into oauth_code (uid, msisdn, code_mac, tries, sent_at, expires_at, verified_at)
     values ($1, $2, $3, $4::int, $5::int8, $6::int8, null)
     on conflict (uid) do update set msisdn = excluded.msisdn, code_mac = excluded.code_mac,
       tries = excluded.tries, sent_at = excluded.sent_at, expires_at = excluded.expires_at,
       verified_at = null`,
    [uid, code.msisdn, code.mac, code.tries, code.sentAt, code.expiresAt],
  )
}

export const readCode = async (reader: Reader, uid: string): Promise<SentCode | undefined> =>
  codeOf(
    await reader.query<CodeRow>(
      `select msisdn, code_mac, tries, sent_at, expires_at, verified_at
       from oauth_code where uid = $1`,
      [uid],
    ),
  )

export const lockCode = async (tx: Tx, uid: string): Promise<SentCode | undefined> =>
  codeOf(
    await tx.query<CodeRow>(
      `select msisdn, code_mac, tries, sent_at, expires_at, verified_at
       from oauth_code where uid = $1 for update`,
      [uid],
    ),
  )

export async function saveTry(
  tx: Tx,
  uid: string,
  code: Pick<SentCode, 'tries' | 'verifiedAt'>,
): Promise<void> {
  await tx.query('update oauth_code set tries = $2::int, verified_at = $3::int8 where uid = $1', [
    uid,
    code.tries,
    code.verifiedAt,
  ])
}

export async function deleteCode(tx: Tx, uid: string): Promise<void> {
  await tx.query('delete from oauth_code where uid = $1', [uid])
}

function codeOf([row]: readonly CodeRow[]): SentCode | undefined {
  return (
    row && {
      msisdn: row.msisdn,
      mac: row.code_mac,
      tries: row.tries,
      sentAt: Number(row.sent_at),
      expiresAt: Number(row.expires_at),
      verifiedAt: row.verified_at === null ? null : Number(row.verified_at),
    }
  )
}
