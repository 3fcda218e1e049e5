/** The table `bank_act`: all its SQL. */
import type { Reader, Tx } from '../db/index.ts'
import type { Act, ActState } from './act.ts'
import { type AskedRow, askedColumns, askedOf, askedValues } from './asked-store.ts'

interface Row extends Pick<Act, 'kind' | 'bank' | 'day' | 'side' | 'amount'>, AskedRow {
  readonly difference_id: bigint | null
  readonly wallet_id: string | null
  readonly wallet_bucket: number | null
}

const columns = `${askedColumns}, kind, bank, day, difference_id, side, amount, wallet_id, wallet_bucket`

const actOf = (row: Row): Act => ({
  ...askedOf(row),
  ...{ kind: row.kind, bank: row.bank, day: row.day, side: row.side, amount: row.amount },
  differenceId: row.difference_id === null ? null : String(row.difference_id),
  wallet:
    row.wallet_id === null || row.wallet_bucket === null
      ? null
      : { id: row.wallet_id, bucket: row.wallet_bucket },
})

export async function insertAct(tx: Tx, act: Act): Promise<void> {
  await tx.query(
    `insert into bank_act (${columns})
     values ($1, $2, $3, $4, $5::int8, $6::int8, $7, $8::int8, $9, $10, $11, $12::date, $13::int8, $14,
       $15::int8, $16, $17::int2)`,
    [
      ...[...askedValues(act), act.kind, act.bank, act.day, act.differenceId, act.side],
      ...[act.amount, act.wallet?.id ?? null, act.wallet?.bucket ?? null],
    ],
  )
}

export async function findAct(reader: Reader, id: string): Promise<Act | undefined> {
  const [row] = await reader.query<Row>(`select ${columns} from bank_act where id = $1`, [id])
  return row && actOf(row)
}

export async function lockAct(tx: Tx, id: string): Promise<Act | undefined> {
  const [row] = await tx.query<Row>(`select ${columns} from bank_act where id = $1 for update`, [
    id,
  ])
  return row && actOf(row)
}

/** What waits for a second person about the same thing. */
export async function lockWaiting(
  tx: Tx,
  { differenceId, bank, day }: Pick<Act, 'differenceId' | 'bank' | 'day'>,
): Promise<Act | undefined> {
  const [row] = await tx.query<Row>(
    `select ${columns} from bank_act
     where state = 'asked' and case when $1::int8 is null
       then kind = 'complete_file' and bank = $2 and day = $3::date
       else difference_id = $1::int8 end
     for update`,
    [differenceId, bank, day],
  )
  return row && actOf(row)
}

/** Oldest first. */
export async function actsOf(reader: Reader, differenceId: string): Promise<Act[]> {
  const rows = await reader.query<Row>(
    `select ${columns} from bank_act where difference_id = $1::int8 order by asked_at, id`,
    [differenceId],
  )
  return rows.map(actOf)
}

/** Newest first; `before` is the id of the last one of the page before. */
export async function searchActs(
  reader: Reader,
  given: {
    readonly state: ActState | null
    readonly bank: string | null
    readonly before: string | null
    readonly limit: number
  },
): Promise<Act[]> {
  const rows = await reader.query<Row>(
    `select ${columns} from bank_act
     where ($1::text is null or state = $1) and ($2::text is null or bank = $2)
       and ($3::uuid is null or id < $3::uuid)
     order by id desc limit $4`,
    [given.state, given.bank, given.before, given.limit],
  )
  return rows.map(actOf)
}
