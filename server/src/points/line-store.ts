/** The history of a wallet's points, out of the ledger. */
import type { Reader } from '../db/index.ts'
import { pointsBalance, type Reason } from '../ledger/index.ts'
import type { Holder } from './points.ts'

export interface PointsLine {
  /** Its number in the history of the account: a page goes on before it. */
  readonly no: bigint
  readonly id: string
  readonly at: number
  readonly reason: Reason
  /** Signed: what came in, or went out. */
  readonly points: bigint
  readonly balance: bigint
  readonly subject: string
}

/** The newest first. */
export async function linesOf(
  reader: Reader,
  { bucket, walletId }: Pick<Holder, 'bucket' | 'walletId'>,
  { before, limit }: { readonly before: bigint | null; readonly limit: number },
): Promise<PointsLine[]> {
  const rows = await reader.query<Omit<PointsLine, 'at'> & { at: bigint }>(
    `select version as no, id, created_at as at, reason, subject,
       case side when 'credit' then amount else -amount end as points,
       credits_posted - debits_posted as balance
     from entry
     where bucket = $1 and account = $2 and version < coalesce($3::int8, 9223372036854775807)
     order by version desc limit $4`,
    [bucket, pointsBalance(bucket, walletId).name, before, limit],
  )
  return rows.map((row) => ({ ...row, at: Number(row.at) }))
}
