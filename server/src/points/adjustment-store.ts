/** The table `points_adjustment`: all its SQL. */
import { type Reader, type Tx, texts } from '../db/index.ts'
import type { Adjustment } from './adjust.ts'

interface Key {
  readonly bucket: number
  readonly id: string
}

export async function adjustmentById(
  reader: Reader,
  { bucket, id }: Key,
): Promise<Adjustment | undefined> {
  const [row] = await reader.query<Adjustment>(
    `select id, wallet_id as "walletId", points, reason, asked_by as "askedBy",
       agreed_by as "agreedBy"
     from points_adjustment where bucket = $1 and id = $2`,
    [bucket, id],
  )
  return row
}

/** Why, and by whom. */
export type AdjustmentNote = Pick<Adjustment, 'reason' | 'askedBy' | 'agreedBy'>

/** By their ids, which are of one bucket. */
export async function adjustmentNotes(
  reader: Reader,
  { bucket, ids }: { readonly bucket: number; readonly ids: readonly string[] },
): Promise<Map<string, AdjustmentNote>> {
  if (ids.length === 0) return new Map()
  const rows = await reader.query<AdjustmentNote & { id: string }>(
    `select id, reason, asked_by as "askedBy", agreed_by as "agreedBy"
     from points_adjustment where bucket = $1 and id = any($2::uuid[])`,
    [bucket, texts(ids)],
  )
  return new Map(rows.map(({ id, ...note }) => [id, note]))
}

export const insertAdjustment = (tx: Tx, one: Adjustment & Key & { readonly at: number }): void =>
  tx.write(
    `insert into points_adjustment (bucket, id, wallet_id, points, reason, asked_by, agreed_by, at)
     values ($1, $2, $3, $4::int8, $5, $6, $7, $8::int8)`,
    [
      ...[one.bucket, one.id, one.walletId, one.points, one.reason],
      ...[one.askedBy, one.agreedBy, one.at],
    ],
  )
