/** The tables `wallet_account` and `wallet_movement`: all their SQL. */
import { insertInto, literals, mutable, updateOf } from '../db/columns.ts'
import { int8s, type Reader, type Statement, type Tx, texts, uuids } from '../db/index.ts'
import { bucketOf, bucketOfId, type Msisdn } from '../kernel/index.ts'
import { createHistory } from './history-store.ts'
import { unfinished } from './movement.ts'
import {
  type AccountRow,
  accountColumns,
  type KeptAccount,
  type KeptMovement,
  type MovementRow,
  movementColumns,
  toAccount,
  toMovement,
} from './rows.ts'
import type { MovementFilter } from './wallet.ts'

const accountList = accountColumns.map((column) => `a.${column.name}`).join(', ')
const movementList = movementColumns.map((column) => `m.${column.name}`).join(', ')
const open = unfinished.map((state) => `'${state}'`).join(', ')

// LATERAL with OFFSET goes through an index row by row, whatever the planner believes of a table that
// has just been created; a prepared statement would keep that belief while the table grows.
const accountsByIdsStatement: Statement = {
  name: 'wallet_account.by_ids',
  text: `select ${accountList} from unnest($1::int2[], $2::uuid[]) as k (bucket, id)
    cross join lateral (
      select * from wallet_account w where w.bucket = k.bucket and w.id = k.id offset 0
    ) a`,
}
const accountsOfStatement: Statement = {
  name: 'wallet_account.of_numbers',
  text: `select ${accountList} from unnest($1::int2[], $2::text[]) as k (bucket, msisdn)
    cross join lateral (
      select * from wallet_account w
      where w.bucket = k.bucket and w.msisdn = k.msisdn
        and w.state <> 'closed' and w.released_at is null
      offset 0
    ) a`,
}
const frozenOutStatement: Statement = {
  name: 'wallet_account.frozen_out',
  text: `select w.msisdn from unnest($1::int2[], $2::text[]) as k (bucket, msisdn)
    join wallet_account w on w.bucket = k.bucket and w.msisdn = k.msisdn
    where w.frozen in ('out', 'both') and w.state <> 'closed' and w.released_at is null`,
}
const movementsByIdsStatement: Statement = {
  name: 'wallet_movement.by_ids',
  text: `select ${movementList} from unnest($1::int2[], $2::uuid[]) as k (bucket, id)
    cross join lateral (
      select * from wallet_movement w where w.bucket = k.bucket and w.id = k.id offset 0
    ) m`,
}
const movementsByKeysStatement: Statement = {
  name: 'wallet_movement.by_keys',
  text: `select ${movementList} from unnest($1::int2[], $2::text[], $3::text[]) as k (bucket, msisdn, key)
    cross join lateral (
      select * from wallet_movement w
      where w.bucket = k.bucket and w.msisdn = k.msisdn and w.key = k.key offset 0
    ) m`,
}
const openMovementsStatement: Statement = {
  name: 'wallet_movement.open_of',
  text: `select ${movementList} from unnest($1::int2[], $2::uuid[]) as k (bucket, id)
    cross join lateral (
      select * from wallet_movement w
      where w.bucket = k.bucket and w.wallet_id = k.id and w.state in (${open}) offset 0
    ) m`,
}
const listStatement: Statement = {
  name: 'wallet_movement.list',
  text: `select ${movementList} from wallet_movement m
    where m.bucket = $1 and m.wallet_id = $2 and ($3::uuid is null or m.id < $3)
    order by m.id desc limit $4`,
}

export const accountsByIds = async (reader: Reader, ids: readonly string[]) =>
  ids.length === 0
    ? []
    : (await reader.query<AccountRow>(accountsByIdsStatement, idColumns(ids))).map(toAccount)

/** The wallets that are found by these numbers. Take the lock of the numbers first. */
export const accountsOf = async (reader: Reader, msisdns: readonly Msisdn[]) =>
  msisdns.length === 0
    ? []
    : (
        await reader.query<AccountRow>(accountsOfStatement, [
          int8s(msisdns.map(bucketOf)),
          texts(msisdns),
        ])
      ).map(toAccount)

/** Those of these numbers whose wallet lets no money out. */
export async function frozenOutOf(
  reader: Reader,
  msisdns: readonly Msisdn[],
): Promise<ReadonlySet<Msisdn>> {
  const numbers = [int8s(msisdns.map(bucketOf)), texts(msisdns)]
  const rows = await reader.query<{ readonly msisdn: Msisdn }>(frozenOutStatement, numbers)
  return new Set(rows.map(({ msisdn }) => msisdn))
}

export const movementsByIds = async (reader: Reader, ids: readonly string[]) =>
  ids.length === 0
    ? []
    : (await reader.query<MovementRow>(movementsByIdsStatement, idColumns(ids))).map(toMovement)

export interface RequestKey {
  readonly msisdn: Msisdn
  readonly key: string
}

/** What earlier requests of these names came to. */
export const movementsByKeys = async (reader: Reader, keys: readonly RequestKey[]) =>
  keys.length === 0
    ? []
    : (
        await reader.query<MovementRow>(movementsByKeysStatement, [
          int8s(keys.map(({ msisdn }) => bucketOf(msisdn))),
          texts(keys.map(({ msisdn }) => msisdn)),
          texts(keys.map(({ key }) => key)),
        ])
      ).map(toMovement)

/** What the bank has not decided yet, of these wallets. */
export const openMovements = async (reader: Reader, walletIds: readonly string[]) =>
  walletIds.length === 0
    ? []
    : (await reader.query<MovementRow>(openMovementsStatement, idColumns(walletIds))).map(
        toMovement,
      )

export const listMovements = async (
  reader: Reader,
  { walletId, before, limit }: MovementFilter,
): Promise<KeptMovement[]> =>
  (
    await reader.query<MovementRow>(listStatement, [
      bucketOfId(walletId) ?? -1,
      walletId,
      before ?? null,
      limit,
    ])
  ).map(toMovement)

/** Of all wallets, the oldest first. */
export const unknownMovements = async (
  reader: Reader,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<KeptMovement[]> =>
  (
    await reader.query<MovementRow>(
      `select ${movementList} from wallet_movement m
       where m.state = 'unknown' and ($1::uuid is null or m.id > $1) order by m.id limit $2`,
      [after ?? null, limit],
    )
  ).map(toMovement)

/** Whether a transfer to this card has not ended. */
export async function awaitsCard(reader: Reader, cardToken: string): Promise<boolean> {
  const rows = await reader.query(
    `select 1 from wallet_movement
     where card_token = $1 and kind = 'card_transfer' and ended_at is null limit 1`,
    [cardToken],
  )
  return rows.length > 0
}

const insertAccount = insertInto('wallet_account', accountColumns)
const updateAccount = updateOf('wallet_account', accountColumns)
const insertMovement = insertInto('wallet_movement', movementColumns)
const updateMovement = updateOf('wallet_movement', movementColumns)

export interface Changes<Row> {
  readonly made: readonly Row[]
  readonly changed: readonly Row[]
}

export function saveAccounts(tx: Tx, { made, changed }: Changes<KeptAccount>): void {
  if (made.length > 0) tx.write(insertAccount, literals(accountColumns, made))
  if (changed.length > 0) tx.write(updateAccount, literals(mutable(accountColumns), changed))
}

export function saveMovements(tx: Tx, { made, changed }: Changes<KeptMovement>): void {
  if (made.length > 0) tx.write(insertMovement, literals(movementColumns, made))
  if (changed.length > 0) tx.write(updateMovement, literals(mutable(movementColumns), changed))
}

/** What happened to a wallet or a movement. */
export const history = createHistory('wallet_event')

const idColumns = (ids: readonly string[]) => [
  int8s(ids.map((id) => bucketOfId(id) ?? -1)),
  uuids(ids),
]
