/** The table `points_earning`: all its SQL. One row for each purchase that has earned. */
import type { Reader, Tx } from '../db/index.ts'
import type { BusinessDate } from '../kernel/index.ts'

export interface Earning {
  readonly bucket: number
  readonly paymentId: string
  readonly walletId: string
  readonly perYuan: bigint
  readonly earned: bigint
  /** Taken back, or owed. */
  readonly taken: bigint
  readonly expiresOn: BusinessDate
}

type Key = Pick<Earning, 'bucket' | 'paymentId'>

export async function earningOf(reader: Reader, key: Key): Promise<Earning | undefined> {
  const [row] = await reader.query<Omit<Earning, 'bucket' | 'paymentId'>>(
    `select wallet_id as "walletId", per_yuan as "perYuan", earned, taken,
       expires_on::text as "expiresOn"
     from points_earning where bucket = $1 and payment_id = $2`,
    [key.bucket, key.paymentId],
  )
  return row && { ...row, ...key }
}

export const insertEarning = (tx: Tx, earning: Earning): void =>
  tx.write(
    `insert into points_earning (bucket, payment_id, wallet_id, per_yuan, earned, taken, expires_on)
     values ($1, $2, $3, $4::int8, $5::int8, $6::int8, $7::date)`,
    [
      ...[earning.bucket, earning.paymentId, earning.walletId, earning.perYuan, earning.earned],
      ...[earning.taken, earning.expiresOn],
    ],
  )

export const saveTaken = (tx: Tx, { bucket, paymentId, taken }: Earning): void =>
  tx.write('update points_earning set taken = $3::int8 where bucket = $1 and payment_id = $2', [
    bucket,
    paymentId,
    taken,
  ])
