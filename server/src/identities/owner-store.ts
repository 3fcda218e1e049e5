/** The table `number_owner`: all its SQL. */
import type { Reader, Tx } from '../db/index.ts'
import { bucketOf, type Msisdn } from '../kernel/index.ts'
import type { Owner } from './identity.ts'

export type Ownership = Pick<Owner, 'identityId' | 'msisdn' | 'level' | 'since'>

interface Row {
  readonly identity_id: string
  readonly level: Ownership['level']
  readonly since: bigint
}

export async function readOwnership(
  reader: Reader,
  msisdn: Msisdn,
): Promise<Ownership | undefined> {
  const [row] = await reader.query<Row>(
    {
      name: 'number_owner.read',
      text: `select identity_id, level, since from number_owner
        where bucket = $1 and msisdn = $2 and ended_at is null`,
    },
    [bucketOf(msisdn), msisdn],
  )
  return row && { identityId: row.identity_id, msisdn, level: row.level, since: Number(row.since) }
}

/** The caller holds the number's row among the subscribers. */
export async function insertOwnership(
  tx: Tx,
  owner: Ownership,
  { id, by }: { readonly id: string; readonly by: string },
): Promise<void> {
  await tx.query(
    `insert into number_owner (bucket, id, msisdn, identity_id, level, since, registered_by)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [bucketOf(owner.msisdn), id, owner.msisdn, owner.identityId, owner.level, owner.since, by],
  )
}

export async function raiseToVerified(tx: Tx, msisdn: Msisdn): Promise<void> {
  await tx.query(
    `update number_owner set level = 'verified'
     where bucket = $1 and msisdn = $2 and ended_at is null`,
    [bucketOf(msisdn), msisdn],
  )
}

/** A clock that was set back must not keep a number with its owner. */
export async function endOwnership(tx: Tx, msisdn: Msisdn, at: number): Promise<void> {
  await tx.query(
    `update number_owner set ended_at = greatest($3::int8, since)
     where bucket = $1 and msisdn = $2 and ended_at is null`,
    [bucketOf(msisdn), msisdn, at],
  )
}

export async function readNumbers(reader: Reader, identityId: string): Promise<Msisdn[]> {
  const rows = await reader.query<{ msisdn: string }>(
    {
      name: 'number_owner.numbers',
      text: `select msisdn from number_owner where identity_id = $1 and ended_at is null
        order by msisdn`,
    },
    [identityId],
  )
  return rows.map((row) => row.msisdn)
}
