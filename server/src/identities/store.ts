/** The tables `identity` and `identity_lookup`: all their SQL. */
import { int8s, type Reader, type Tx, texts } from '../db/index.ts'
import { assert, bucketOf, bucketOfId } from '../kernel/index.ts'

export interface KeptIdentity {
  readonly id: string
  readonly sealedName: string
  readonly sealedNumber: string
  /** Of name and document, under `lookupVersion`. */
  readonly personHash: string
  readonly keyVersion: number
  readonly lookupVersion: number
  readonly maskedName: string
  readonly maskedNumber: string
  readonly createdAt: number
}

export interface Lookup {
  readonly hash: string
  readonly keyVersion: number
}

interface Row {
  readonly id: string
  readonly sealed_name: string
  readonly sealed_number: string
  readonly person_hash: string
  readonly key_version: number
  readonly lookup_version: number
  readonly masked_name: string
  readonly masked_number: string
  readonly created_at: bigint
}

const toIdentity = (row: Row): KeptIdentity => ({
  id: row.id,
  sealedName: row.sealed_name,
  sealedNumber: row.sealed_number,
  personHash: row.person_hash,
  keyVersion: row.key_version,
  lookupVersion: row.lookup_version,
  maskedName: row.masked_name,
  maskedNumber: row.masked_number,
  createdAt: Number(row.created_at),
})

function bucketOfIdentity(id: string): number {
  const bucket = bucketOfId(id)
  assert(bucket !== undefined, 'an identity has an id of ours')
  return bucket
}

const selected = `select id, sealed_name, sealed_number, person_hash, key_version, lookup_version,
  masked_name, masked_number, created_at from identity where bucket = $1 and id = $2`

export async function readIdentity(reader: Reader, id: string): Promise<KeptIdentity | undefined> {
  const statement = { name: 'identity.read', text: selected }
  const [row] = await reader.query<Row>(statement, [bucketOfIdentity(id), id])
  return row && toIdentity(row)
}

export async function lockIdentity(tx: Tx, id: string): Promise<KeptIdentity> {
  const statement = { name: 'identity.lock', text: `${selected} for update` }
  const [row] = await tx.query<Row>(statement, [bucketOfIdentity(id), id])
  assert(row, 'a hash leads to an identity')
  return toIdentity(row)
}

/** Writes a new identity, or what changed of one whose row the caller holds. */
export async function saveIdentity(tx: Tx, identity: KeptIdentity): Promise<void> {
  await tx.query(
    {
      name: 'identity.save',
      text: `insert into identity (bucket, id, sealed_name, sealed_number, person_hash, key_version,
          lookup_version, masked_name, masked_number, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (bucket, id) do update set
          sealed_name = excluded.sealed_name, sealed_number = excluded.sealed_number,
          person_hash = excluded.person_hash, key_version = excluded.key_version,
          lookup_version = excluded.lookup_version, masked_name = excluded.masked_name,
          masked_number = excluded.masked_number`,
    },
    [
      bucketOfIdentity(identity.id),
      identity.id,
      identity.sealedName,
      identity.sealedNumber,
      identity.personHash,
      identity.keyVersion,
      identity.lookupVersion,
      identity.maskedName,
      identity.maskedNumber,
      identity.createdAt,
    ],
  )
}

const hashNames = (lookups: readonly Lookup[]) => [
  int8s(lookups.map(({ hash }) => bucketOf(hash))),
  texts(lookups.map(({ hash }) => hash)),
]

/**
 * Claims hashes for an identity; a hash that is taken stays with whose it is. Waits for another transaction
 * that claims the same one, in the order of the hashes, so that two cannot wait for each other.
 */
export async function claimHashes(
  tx: Tx,
  lookups: readonly Lookup[],
  identityId: string,
): Promise<void> {
  const sorted = lookups.toSorted((a, b) => (a.hash < b.hash ? -1 : 1))
  await tx.query(
    {
      name: 'identity.claim_hashes',
      text: `insert into identity_lookup (bucket, hash, key_version, identity_id)
        select bucket, hash, key_version, $4::uuid
        from unnest($1::int2[], $2::text[], $3::int4[]) as u (bucket, hash, key_version)
        on conflict (bucket, hash) do nothing`,
    },
    [...hashNames(sorted), int8s(sorted.map(({ keyVersion }) => keyVersion)), identityId],
  )
}

/** Whose the hashes are. */
export async function holdersOf(reader: Reader, lookups: readonly Lookup[]): Promise<Set<string>> {
  const rows = await reader.query<{ identity_id: string }>(
    {
      name: 'identity.holders_of_hashes',
      text: `select distinct l.identity_id from identity_lookup l
        join unnest($1::int2[], $2::text[]) as u (bucket, hash)
        on l.bucket = u.bucket and l.hash = u.hash`,
    },
    hashNames(lookups),
  )
  return new Set(rows.map((row) => row.identity_id))
}

/** The hashes that this transaction claimed for an identity nobody will have go to the one that was there. */
export async function giveHashes(
  tx: Tx,
  lookups: readonly Lookup[],
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  await tx.query(
    {
      name: 'identity.give_hashes',
      text: `update identity_lookup l set identity_id = $4
        from unnest($1::int2[], $2::text[]) as u (bucket, hash)
        where l.bucket = u.bucket and l.hash = u.hash and l.identity_id = $3`,
    },
    [...hashNames(lookups), from, to],
  )
}

/** Identities that are sealed, or found, only under older versions. */
export async function staleIdentities(
  reader: Reader,
  current: { readonly keyVersion: number; readonly lookupVersion: number },
  limit: number,
): Promise<string[]> {
  const rows = await reader.query<{ id: string }>(
    {
      name: 'identity.stale',
      text: `(select id from identity where key_version < $1 limit $3)
        union (select id from identity where lookup_version < $2 limit $3) limit $3`,
    },
    [current.keyVersion, current.lookupVersion, limit],
  )
  return rows.map(({ id }) => id).toSorted()
}

export async function countIdentitiesUnder(
  reader: Reader,
  column: 'key_version' | 'lookup_version',
  version: number,
): Promise<bigint> {
  const [row] = await reader.query<{ count: bigint }>(
    `select count(*) as count from identity where ${column} = $1`,
    [version],
  )
  return row?.count ?? 0n
}

/** Hashes under keys that are no more find nothing. */
export async function dropHashes(tx: Tx, keptVersions: readonly number[]): Promise<void> {
  await tx.query('delete from identity_lookup where not key_version = any($1::int4[])', [
    int8s(keptVersions),
  ])
}
