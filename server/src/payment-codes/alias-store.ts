/** The tables `payment_code_alias` and `payment_code_use`: all their SQL. */
import { int8s, type Statement, type Tx, texts } from '../db/index.ts'
import { bucketOf } from '../kernel/index.ts'
import { type Alias, poolsKept } from './alias.ts'

interface Row {
  readonly alias: string
  readonly msisdn: string
  readonly session_id: string
  readonly key_sealed: string
  readonly ahead_ms: bigint
  readonly issued_at: bigint
  readonly expires_at: bigint
  readonly last_step: bigint | null
  readonly wrong: number
  readonly wrong_since: bigint
  readonly revoked_at: bigint | null
}

const numberOf = (value: bigint | null) => (value === null ? null : Number(value))

const toAlias = (row: Row): Alias => ({
  alias: row.alias,
  msisdn: row.msisdn,
  sessionId: row.session_id,
  keySealed: row.key_sealed,
  aheadMs: Number(row.ahead_ms),
  issuedAt: Number(row.issued_at),
  expiresAt: Number(row.expires_at),
  lastStep: numberOf(row.last_step),
  wrong: row.wrong,
  wrongSince: Number(row.wrong_since),
  revokedAt: numberOf(row.revoked_at),
})

type NewAlias = Pick<
  Alias,
  'alias' | 'msisdn' | 'sessionId' | 'keySealed' | 'aheadMs' | 'issuedAt' | 'expiresAt'
>

/** Answers those that nobody had: digits drawn by chance may be taken. */
export async function insertAliases(tx: Tx, aliases: readonly NewAlias[]): Promise<string[]> {
  const added: string[] = []
  for (const one of aliases) {
    const rows = await tx.query(
      `insert into payment_code_alias
         (bucket, alias, msisdn, session_id, key_sealed, ahead_ms, issued_at, expires_at)
       values ($1, $2, $3, $4, $5, $6::int8, $7::int8, $8::int8) on conflict do nothing returning alias`,
      [
        ...[bucketOf(one.alias), one.alias, one.msisdn, one.sessionId, one.keySealed],
        ...[one.aheadMs, one.issuedAt, one.expiresAt],
      ],
    )
    if (rows.length === 1) added.push(one.alias)
  }
  return added
}

/** Those of all pools of the session but the newest few. A code of them that is being taken is taken first. */
export async function revokeOlder(tx: Tx, sessionId: string, now: number): Promise<void> {
  const kept = 'select alias from payment_code_alias where session_id = $1 and revoked_at is null'
  const rows = await tx.query<{ readonly alias: string }>(kept, [sessionId])
  await tx.query(lockStatement, [texts(rows.map(({ alias }) => alias))])
  await tx.query(
    `update payment_code_alias set revoked_at = $2::int8
     where session_id = $1 and revoked_at is null and issued_at not in (
       select distinct issued_at from payment_code_alias where session_id = $1
       order by issued_at desc limit $3::int)`,
    [sessionId, now, poolsKept],
  )
}

/** Codes of one alias are looked at one after another. */
export const lockAlias = async (tx: Tx, alias: string): Promise<Alias | undefined> =>
  (await lockAliases(tx, [alias])).get(alias)

/**
 * In one order, so that two who lock several queue up. What is read has to be read after that, or a use that was
 * waited for would not be seen.
 */
export async function lockAliases(tx: Tx, aliases: readonly string[]): Promise<Map<string, Alias>> {
  if (aliases.length === 0) return new Map()
  const [, rows] = await Promise.all([
    tx.query(lockStatement, [texts(aliases)]),
    tx.query<Row>(readStatement, [int8s(aliases.map(bucketOf)), texts(aliases)]),
  ])
  return new Map(rows.map((row) => [row.alias, toAlias(row)]))
}

const lockStatement: Statement = {
  name: 'payment_code_alias.lock',
  text: `select pg_advisory_xact_lock(hashtextextended(alias, 32))
    from (select alias from unnest($1::text[]) as u (alias) order by alias) a`,
}
const readStatement: Statement = {
  name: 'payment_code_alias.read',
  text: `select a.alias, a.msisdn, a.session_id, a.key_sealed, a.ahead_ms, a.issued_at, a.expires_at,
      a.wrong, a.wrong_since, a.revoked_at, (
        select step from payment_code_use
        where bucket = a.bucket and alias = a.alias order by step desc limit 1
      ) as last_step
    from unnest($1::int2[], $2::text[]) as u (bucket, alias)
    join payment_code_alias a on a.bucket = u.bucket and a.alias = u.alias`,
}

export async function saveWrong(
  tx: Tx,
  { alias, wrong, wrongSince, revokedAt }: Alias,
): Promise<void> {
  await tx.query(
    `update payment_code_alias set wrong = $3, wrong_since = $4::int8, revoked_at = $5::int8
     where bucket = $1 and alias = $2`,
    [bucketOf(alias), alias, wrong, wrongSince, revokedAt],
  )
}

/** Under their locks. A second use of the same step fails on its key. */
export function saveUses(
  tx: Tx,
  uses: readonly { readonly alias: string; readonly step: number }[],
  now: number,
): void {
  if (uses.length === 0) return
  const aliases = uses.map(({ alias }) => alias)
  const values = [int8s(aliases.map(bucketOf)), texts(aliases), int8s(uses.map((one) => one.step))]
  tx.write(insertUses, [...values, now])
}

const insertUses: Statement = {
  name: 'payment_code_use.insert',
  text: `insert into payment_code_use (bucket, alias, step, used_at)
    select u.bucket, u.alias, u.step, $4::int8
    from unnest($1::int2[], $2::text[], $3::int8[]) as u (bucket, alias, step)`,
}

/** What can never be taken again, with its uses. */
export async function forgetAliases(tx: Tx, before: number): Promise<void> {
  await tx.query(
    `delete from payment_code_use u using payment_code_alias a
     where a.bucket = u.bucket and a.alias = u.alias and a.expires_at < $1::int8`,
    [before],
  )
  await tx.query('delete from payment_code_alias where expires_at < $1::int8', [before])
}
