/** The table `top_up_voucher_batch`: all its SQL. */
import type { Reader, Tx } from '../db/index.ts'
import type { Batch } from './top-up-voucher.ts'

interface Row extends Pick<Batch, 'id' | 'no' | 'name' | 'seller' | 'amount' | 'count' | 'state'> {
  readonly valid_until: bigint
  readonly asked_by: string
  readonly agreed_by: string
  readonly asked_at: bigint
  readonly made_at: bigint | null
}

const columns = `id, no, name, seller, amount, count, valid_until, state, asked_by, agreed_by, asked_at,
  made_at`

const batchOf = ({ id, no, name, seller, amount, count, state, ...row }: Row): Batch => ({
  ...{ id, no, name, seller, amount, count, state },
  validUntil: Number(row.valid_until),
  askedBy: row.asked_by,
  agreedBy: row.agreed_by,
  askedAt: Number(row.asked_at),
  madeAt: row.made_at === null ? null : Number(row.made_at),
})

/** Undefined where there is one of this id. */
export async function insertBatch(tx: Tx, batch: Omit<Batch, 'no'>): Promise<Batch | undefined> {
  const { id, name, seller, amount, count, validUntil, state, askedBy, agreedBy, askedAt } = batch
  const [row] = await tx.query<Row>(
    `insert into top_up_voucher_batch
       (id, name, seller, amount, count, valid_until, state, asked_by, agreed_by, asked_at)
     values ($1, $2, $3, $4::int8, $5::int8, $6::int8, $7, $8, $9, $10::int8)
     on conflict (id) do nothing returning ${columns}`,
    [id, name, seller, amount, count, validUntil, state, askedBy, agreedBy, askedAt],
  )
  return row && batchOf(row)
}

/** The lock of all that is done to a batch at the operator's; using a voucher does not need it. */
export async function lockBatch(tx: Tx, id: string): Promise<Batch | undefined> {
  const [row] = await tx.query<Row>(
    `select ${columns} from top_up_voucher_batch where id = $1 for update`,
    [id],
  )
  return row && batchOf(row)
}

export const saveBatch = (tx: Tx, { id, state, madeAt }: Batch): void =>
  tx.write('update top_up_voucher_batch set state = $2, made_at = $3::int8 where id = $1', [
    ...[id, state, madeAt],
  ])

/** The newest first. */
export async function listBatches(
  reader: Reader,
  { before, limit }: { readonly before: string | null; readonly limit: number },
): Promise<Batch[]> {
  const rows = await reader.query<Row>(
    `select ${columns} from top_up_voucher_batch
     where $1::uuid is null or no < (select no from top_up_voucher_batch where id = $1)
     order by no desc limit $2`,
    [before, limit],
  )
  return rows.map(batchOf)
}
