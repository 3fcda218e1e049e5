/** The tables `card_vault` and `card_lookup`: all their SQL. */
import { int8s, type Reader, type Tx, texts, uuids } from '../db/index.ts'
import { assert, bucketOf, bucketOfId } from '../kernel/index.ts'
import type { Card } from './card.ts'

/** A card with what is sealed of it. */
export interface KeptCard extends Card {
  readonly sealedPan: string | null
  readonly sealedExpiry: string | null
  readonly keyVersion: number
  readonly lookupVersion: number
}

export interface Lookup {
  readonly hash: string
  readonly keyVersion: number
}

interface Row {
  readonly token: string
  readonly sealed_pan: string | null
  readonly sealed_expiry: string | null
  readonly key_version: number
  readonly lookup_version: number
  readonly first6: string
  readonly last4: string
  readonly bin_length: Card['binLength']
  readonly created_at: bigint
  readonly erased_at: bigint | null
}

const columns = `c.token, c.sealed_pan, c.sealed_expiry, c.key_version, c.lookup_version, c.first6, c.last4,
  c.bin_length, c.created_at, c.erased_at`

const toCard = (row: Row): KeptCard => ({
  token: row.token,
  sealedPan: row.sealed_pan,
  sealedExpiry: row.sealed_expiry,
  keyVersion: row.key_version,
  lookupVersion: row.lookup_version,
  first6: row.first6,
  last4: row.last4,
  binLength: row.bin_length,
  createdAt: Number(row.created_at),
  erasedAt: row.erased_at === null ? null : Number(row.erased_at),
})

function bucketOfToken(token: string): number {
  const bucket = bucketOfId(token)
  assert(bucket !== undefined, 'a token is an id of ours')
  return bucket
}

const byToken = `from card_vault c join unnest($1::int2[], $2::uuid[]) as u (bucket, token)
  on c.bucket = u.bucket and c.token = u.token`

const namesOf = (tokens: readonly string[]) => [int8s(tokens.map(bucketOfToken)), uuids(tokens)]

export async function readCards(reader: Reader, tokens: readonly string[]): Promise<KeptCard[]> {
  const known = tokens.filter((token) => bucketOfId(token) !== undefined)
  const rows = await reader.query<Row>(
    { name: 'card.read', text: `select ${columns} ${byToken}` },
    namesOf(known),
  )
  return rows.map(toCard)
}

/** In the order of their tokens, so that two who lock the same cards queue up. */
export async function lockCards(tx: Tx, tokens: readonly string[]): Promise<KeptCard[]> {
  const rows = await tx.query<Row>(
    {
      name: 'card.lock',
      text: `select ${columns} ${byToken} order by c.bucket, c.token for update of c`,
    },
    namesOf(tokens),
  )
  return rows.map(toCard)
}

export async function insertCard(tx: Tx, card: KeptCard): Promise<void> {
  await tx.query(
    {
      name: 'card.insert',
      text: `insert into card_vault (bucket, token, sealed_pan, sealed_expiry, key_version,
          lookup_version, first6, last4, bin_length, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    },
    [
      bucketOfToken(card.token),
      card.token,
      card.sealedPan,
      card.sealedExpiry,
      card.keyVersion,
      card.lookupVersion,
      card.first6,
      card.last4,
      card.binLength,
      card.createdAt,
    ],
  )
}

/** Writes what was sealed anew; the caller holds the rows. */
export async function saveSealed(tx: Tx, cards: readonly KeptCard[]): Promise<void> {
  await tx.query(
    {
      name: 'card.save_sealed',
      text: `update card_vault c set sealed_pan = u.pan, sealed_expiry = u.expiry,
          key_version = u.key_version, lookup_version = u.lookup_version
        from unnest($1::int2[], $2::uuid[], $3::text[], $4::text[], $5::int4[], $6::int4[])
          as u (bucket, token, pan, expiry, key_version, lookup_version)
        where c.bucket = u.bucket and c.token = u.token`,
    },
    [
      ...namesOf(cards.map((card) => card.token)),
      texts(cards.map((card) => card.sealedPan)),
      texts(cards.map((card) => card.sealedExpiry)),
      int8s(cards.map((card) => card.keyVersion)),
      int8s(cards.map((card) => card.lookupVersion)),
    ],
  )
}

const hashNames = (lookups: readonly Lookup[]) => [
  int8s(lookups.map(({ hash }) => bucketOf(hash))),
  texts(lookups.map(({ hash }) => hash)),
]

/**
 * Claims hashes for tokens; a hash that is taken stays with whose it is. Waits for another transaction that
 * claims the same one, in the order of the hashes, so that two cannot wait for each other.
 */
export async function claimHashes(
  tx: Tx,
  claims: readonly (Lookup & { readonly token: string })[],
): Promise<void> {
  const sorted = claims.toSorted((a, b) => (a.hash < b.hash ? -1 : 1))
  await tx.query(
    {
      name: 'card.claim_hashes',
      text: `insert into card_lookup (bucket, hash, key_version, token)
        select * from unnest($1::int2[], $2::text[], $3::int4[], $4::uuid[])
        on conflict (bucket, hash) do nothing`,
    },
    [
      ...hashNames(sorted),
      int8s(sorted.map(({ keyVersion }) => keyVersion)),
      uuids(sorted.map(({ token }) => token)),
    ],
  )
}

/** Whose each hash is; one that is nobody's is left out. */
export async function holdersOf(
  reader: Reader,
  lookups: readonly Lookup[],
): Promise<{ readonly hash: string; readonly token: string }[]> {
  return reader.query(
    {
      name: 'card.holders_of_hashes',
      text: `select l.hash, l.token from card_lookup l
        join unnest($1::int2[], $2::text[]) as u (bucket, hash)
        on l.bucket = u.bucket and l.hash = u.hash`,
    },
    hashNames(lookups),
  )
}

/** The hashes that this transaction claimed for a token nobody will have go to the card that was there. */
export async function giveHashes(
  tx: Tx,
  lookups: readonly Lookup[],
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  await tx.query(
    {
      name: 'card.give_hashes',
      text: `update card_lookup l set token = $4 from unnest($1::int2[], $2::text[]) as u (bucket, hash)
        where l.bucket = u.bucket and l.hash = u.hash and l.token = $3`,
    },
    [...hashNames(lookups), from, to],
  )
}

/** Takes out all that leads to the number. The caller holds the row. */
export async function eraseCard(tx: Tx, card: KeptCard, now: number): Promise<void> {
  await tx.query('delete from card_lookup where token = $1', [card.token])
  await tx.query(
    `update card_vault set sealed_pan = null, sealed_expiry = null, erased_at = $3
     where bucket = $1 and token = $2`,
    [bucketOfToken(card.token), card.token, now],
  )
}

/** Cards that are sealed, or found, only under older versions. */
export async function staleTokens(
  reader: Reader,
  current: { readonly keyVersion: number; readonly lookupVersion: number },
  limit: number,
): Promise<string[]> {
  const rows = await reader.query<{ token: string }>(
    {
      name: 'card.stale',
      text: `(select token from card_vault where sealed_pan is not null and key_version < $1 limit $3)
        union
        (select token from card_vault where sealed_pan is not null and lookup_version < $2 limit $3)
        limit $3`,
    },
    [current.keyVersion, current.lookupVersion, limit],
  )
  return rows.map(({ token }) => token)
}

/** Cards that would be lost, or no longer found, without these versions. */
export async function countUnder(
  reader: Reader,
  column: 'key_version' | 'lookup_version',
  version: number,
): Promise<bigint> {
  const [row] = await reader.query<{ cards: bigint }>(
    `select count(*) as cards from card_vault where sealed_pan is not null and ${column} = $1`,
    [version],
  )
  return row?.cards ?? 0n
}

/** Hashes under keys that are no more find nothing. */
export async function dropHashes(tx: Tx, keptVersions: readonly number[]): Promise<void> {
  await tx.query('delete from card_lookup where not key_version = any($1::int4[])', [
    int8s(keptVersions),
  ])
}
