/** The table `top_up_voucher_use`: all its SQL. */
import type { Reader, Tx } from '../db/index.ts'
import type { Use } from './top-up-voucher.ts'

interface Row extends Pick<Use, 'bucket' | 'id' | 'key' | 'serial' | 'amount'> {
  readonly wallet_id: string
  readonly code_mac: string
  readonly at: bigint
}

export async function useByKey(
  reader: Reader,
  { bucket, walletId, key }: Pick<Use, 'bucket' | 'walletId' | 'key'>,
): Promise<Use | undefined> {
  const [row] = await reader.query<Row>(
    `select bucket, id, wallet_id, key, code_mac, serial, amount, at from top_up_voucher_use
     where bucket = $1 and wallet_id = $2 and key = $3`,
    [bucket, walletId, key],
  )
  return (
    row && {
      ...{ bucket: row.bucket, id: row.id, walletId: row.wallet_id, key: row.key },
      ...{ codeMac: row.code_mac, serial: row.serial, amount: row.amount, at: Number(row.at) },
    }
  )
}

export const insertUse = (tx: Tx, use: Use): void =>
  tx.write(
    `insert into top_up_voucher_use (bucket, id, wallet_id, key, code_mac, serial, amount, at)
     values ($1, $2, $3, $4, $5, $6::int8, $7::int8, $8::int8)`,
    [
      ...[use.bucket, use.id, use.walletId, use.key, use.codeMac],
      ...[use.serial, use.amount, use.at],
    ],
  )
