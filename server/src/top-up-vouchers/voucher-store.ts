/** The table `top_up_voucher`: all its SQL. */
import { int8s, type Reader, type Tx, texts, uuids } from '../db/index.ts'
import { bucketOfMac } from './code.ts'
import type { Batch, TopUpVoucher, VoucherState } from './top-up-voucher.ts'

export interface NewVoucher {
  readonly codeMac: string
  readonly serial: bigint
}

/** The serial numbers of those that are there now: a code that is another's already is left out. */
export async function insertVouchers(
  tx: Tx,
  { id, amount, validUntil }: Batch,
  vouchers: readonly NewVoucher[],
): Promise<bigint[]> {
  const rows = await tx.query<{ serial: bigint }>(
    `insert into top_up_voucher (bucket, code_mac, batch_id, serial, amount, valid_until, state)
     select bucket::int2, mac, $4::uuid, serial, $5::int8, $6::int8, 'made'
     from unnest($1::int8[], $2::text[], $3::int8[]) as u (bucket, mac, serial)
     on conflict do nothing returning serial`,
    [
      int8s(vouchers.map(({ codeMac }) => bucketOfMac(codeMac))),
      texts(vouchers.map(({ codeMac }) => codeMac)),
      int8s(vouchers.map(({ serial }) => serial)),
      ...[id, amount, validUntil],
    ],
  )
  return rows.map(({ serial }) => serial)
}

interface Row extends Pick<TopUpVoucher, 'bucket' | 'amount' | 'state'> {
  readonly code_mac: string
  readonly batch_id: string
  readonly serial: bigint
  readonly valid_until: bigint
}

/** The lock that lets a voucher be used once. */
export async function lockVoucher(tx: Tx, codeMac: string): Promise<TopUpVoucher | undefined> {
  const [row] = await tx.query<Row>(
    `select bucket, code_mac, batch_id, serial, amount, valid_until, state from top_up_voucher
     where bucket = $1 and code_mac = $2 for update`,
    [bucketOfMac(codeMac), codeMac],
  )
  return (
    row && {
      ...{ bucket: row.bucket, codeMac: row.code_mac, batchId: row.batch_id, serial: row.serial },
      ...{ amount: row.amount, validUntil: Number(row.valid_until), state: row.state },
    }
  )
}

export const saveUsed = (
  tx: Tx,
  { bucket, codeMac }: Pick<TopUpVoucher, 'bucket' | 'codeMac'>,
  { id, at }: { readonly id: string; readonly at: number },
): void =>
  tx.write(
    `update top_up_voucher set state = 'used', use_id = $3, ended_at = $4::int8
     where bucket = $1 and code_mac = $2`,
    [bucket, codeMac, id, at],
  )

export interface Range {
  readonly batchId: string
  readonly first: bigint
  readonly last: bigint
  readonly from: readonly string[]
  readonly to: VoucherState
  readonly now: number
}

/** How many of them changed, in each bucket, and how many of those had been activated before. */
export interface Changed {
  readonly bucket: number
  readonly count: bigint
  readonly activated: bigint
}

export async function changeRange(tx: Tx, range: Range): Promise<Changed[]> {
  const { batchId, first, last, from, to, now } = range
  const times = to === 'active' ? 'activated_at = $6::int8' : 'ended_at = $6::int8'
  return tx.query<Changed>(
    `with changed as (
       update top_up_voucher set state = $5, ${times}
       where batch_id = $1 and serial between $2::int8 and $3::int8 and state = any($4::text[])
       returning bucket, activated_at
     )
     select bucket, count(*)::int8 as count, count(activated_at)::int8 as activated
     from changed group by bucket order by bucket`,
    [batchId, first, last, texts(from), to, now],
  )
}

export type Counts = Readonly<Record<VoucherState, bigint>>

/** Of each of these batches, how many vouchers stand where. */
export async function countsOf(
  reader: Reader,
  batchIds: readonly string[],
): Promise<ReadonlyMap<string, Counts>> {
  const rows = await reader.query<{ batch_id: string; state: VoucherState; count: bigint }>(
    `select batch_id, state, count(*)::int8 as count from top_up_voucher
     where batch_id = any($1::uuid[]) group by 1, 2`,
    [uuids(batchIds)],
  )
  const none: Counts = { made: 0n, active: 0n, used: 0n, expired: 0n, blocked: 0n }
  const counts = new Map<string, Counts>(batchIds.map((id) => [id, none]))
  for (const { batch_id: id, state, count } of rows)
    counts.set(id, { ...none, ...counts.get(id), [state]: count })
  return counts
}
