/** The table `points_redemption`: all its SQL. */
import type { Reader, Tx } from '../db/index.ts'
import { bucketOfId } from '../kernel/index.ts'
import type { Lot, Redemption } from './points.ts'

export interface KeptRedemption extends Redemption {
  readonly bucket: number
  readonly key: string
  readonly parts: readonly Lot[]
  /** Sealed; null once it was given back. */
  readonly code: string | null
}

interface Row extends Pick<KeptRedemption, 'bucket' | 'id' | 'key' | 'points' | 'state' | 'code'> {
  readonly wallet_id: string
  readonly reward_id: string
  readonly parts: readonly { readonly on: string; readonly points: string }[]
  readonly at: bigint
  readonly ended_at: bigint | null
}

const columns = 'bucket, id, wallet_id, key, reward_id, points, parts, state, code, at, ended_at'

const redemptionOf = ({ bucket, id, key, points, state, code, ...row }: Row): KeptRedemption => ({
  ...{ bucket, id, key, points, state, code, walletId: row.wallet_id, rewardId: row.reward_id },
  parts: row.parts.map((part) => ({ expiresOn: part.on, points: BigInt(part.points) })),
  at: Number(row.at),
  endedAt: row.ended_at === null ? null : Number(row.ended_at),
})

export const insertRedemption = (tx: Tx, one: KeptRedemption): void =>
  tx.write(
    `insert into points_redemption (${columns})
     values ($1, $2, $3, $4, $5, $6::int8, $7::jsonb, $8, $9, $10::int8, $11::int8)`,
    [
      ...[one.bucket, one.id, one.walletId, one.key, one.rewardId, one.points],
      JSON.stringify(
        one.parts.map(({ expiresOn, points }) => ({ on: expiresOn, points: String(points) })),
      ),
      ...[one.state, one.code, one.at, one.endedAt],
    ],
  )

export const saveRedemption = (tx: Tx, one: KeptRedemption): void =>
  tx.write(
    `update points_redemption set state = $3, code = $4, ended_at = $5::int8
     where bucket = $1 and id = $2`,
    [one.bucket, one.id, one.state, one.code, one.endedAt],
  )

export async function redemptionByKey(
  reader: Reader,
  { bucket, walletId, key }: Pick<KeptRedemption, 'bucket' | 'walletId' | 'key'>,
): Promise<KeptRedemption | undefined> {
  const [row] = await reader.query<Row>(
    `select ${columns} from points_redemption where bucket = $1 and wallet_id = $2 and key = $3`,
    [bucket, walletId, key],
  )
  return row && redemptionOf(row)
}

export async function redemptionById(
  reader: Reader,
  id: string,
): Promise<KeptRedemption | undefined> {
  const [row] = await reader.query<Row>(
    `select ${columns} from points_redemption where bucket = $1 and id = $2`,
    [bucketOfId(id) ?? -1, id],
  )
  return row && redemptionOf(row)
}

/** The newest first. */
export async function redemptionsOf(
  reader: Reader,
  { bucket, walletId }: { readonly bucket: number; readonly walletId: string },
  { before, limit }: { readonly before: string | null; readonly limit: number },
): Promise<KeptRedemption[]> {
  const rows = await reader.query<Row>(
    `select ${columns} from points_redemption
     where bucket = $1 and wallet_id = $2 and ($3::uuid is null or id < $3::uuid)
     order by id desc limit $4`,
    [bucket, walletId, before, limit],
  )
  return rows.map(redemptionOf)
}

/** Those whose code nobody has looked at. */
export async function countUnseen(
  reader: Reader,
  { bucket, walletId }: { readonly bucket: number; readonly walletId: string },
): Promise<number> {
  const [row] = await reader.query<{ unseen: bigint }>(
    `select count(*) as unseen from points_redemption
     where bucket = $1 and wallet_id = $2 and state = 'taken'`,
    [bucket, walletId],
  )
  return Number(row?.unseen ?? 0n)
}
