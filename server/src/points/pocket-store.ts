/** The tables `points_lot` and `points_debt`: all their SQL. Whoever reads to write holds the lock of the number. */
import type { Reader, Tx } from '../db/index.ts'
import { int8s, texts } from '../db/index.ts'
import type { PocketFacts } from './pocket.ts'
import type { Holder, Lot } from './points.ts'

type Key = Pick<Holder, 'bucket' | 'walletId'>

const lotsStatement = {
  name: 'points_lot.of',
  text: `select expires_on::text, points from points_lot
    where bucket = $1 and wallet_id = $2 and points > 0 order by expires_on`,
}
const debtStatement = {
  name: 'points_debt.of',
  text: 'select points from points_debt where bucket = $1 and wallet_id = $2',
}
const saveLots = {
  name: 'points_lot.save',
  text: `insert into points_lot (bucket, wallet_id, expires_on, points)
    select $1::int2, $2::uuid, * from unnest($3::date[], $4::int8[])
    on conflict (bucket, wallet_id, expires_on) do update set points = excluded.points`,
}
const saveDebt = {
  name: 'points_debt.save',
  text: `insert into points_debt (bucket, wallet_id, points) values ($1, $2, $3::int8)
    on conflict (bucket, wallet_id) do update set points = excluded.points`,
}
const endedStatement = {
  name: 'points_lot.ended',
  text: `select distinct bucket, wallet_id from points_lot
    where points > 0 and expires_on < $1::date limit $2`,
}

export async function readPocket(reader: Reader, { bucket, walletId }: Key): Promise<PocketFacts> {
  const [lots, [debt]] = await Promise.all([
    reader.query<{ expires_on: string; points: bigint }>(lotsStatement, [bucket, walletId]),
    reader.query<{ points: bigint }>(debtStatement, [bucket, walletId]),
  ])
  return {
    lots: lots.map(({ expires_on: expiresOn, points }) => ({ expiresOn, points })),
    owed: debt?.points ?? 0n,
  }
}

export function savePocket(
  tx: Tx,
  { bucket, walletId }: Key,
  { lots, owed }: { readonly lots: readonly Lot[]; readonly owed: bigint | null },
): void {
  const days = texts(lots.map(({ expiresOn }) => expiresOn))
  const points = int8s(lots.map((lot) => lot.points))
  if (lots.length > 0) tx.write(saveLots, [bucket, walletId, days, points])
  if (owed !== null) tx.write(saveDebt, [bucket, walletId, owed])
}

/** Wallets that have points which were good until a day before this one. */
export async function walletsWithEnded(
  reader: Reader,
  today: string,
  limit: number,
): Promise<string[]> {
  const rows = await reader.query<{ wallet_id: string }>(endedStatement, [today, limit])
  return rows.map(({ wallet_id: walletId }) => walletId)
}
