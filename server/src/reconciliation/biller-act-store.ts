/** The table `biller_act`: all its SQL. */
import type { Reader, Tx } from '../db/index.ts'
import type { ActState } from './act.ts'
import { type AskedRow, askedColumns, askedOf, askedValues } from './asked-store.ts'
import type { BillerAct } from './biller-act.ts'

interface Row extends AskedRow, Pick<BillerAct, 'kind' | 'biller' | 'amount'> {
  readonly difference_id: bigint
}

const columns = `${askedColumns}, kind, difference_id, biller, amount`

const actOf = (row: Row): BillerAct => ({
  ...askedOf(row),
  ...{ kind: row.kind, biller: row.biller, amount: row.amount },
  differenceId: String(row.difference_id),
})

export async function insertBillerAct(tx: Tx, act: BillerAct): Promise<void> {
  await tx.query(
    `insert into biller_act (${columns})
     values ($1, $2, $3, $4, $5::int8, $6::int8, $7, $8::int8, $9, $10, $11::int8, $12, $13::int8)`,
    [...askedValues(act), act.kind, act.differenceId, act.biller, act.amount],
  )
}

export async function findBillerAct(reader: Reader, id: string): Promise<BillerAct | undefined> {
  const statement = `select ${columns} from biller_act where id = $1`
  const [row] = await reader.query<Row>(statement, [id])
  return row && actOf(row)
}

export async function lockBillerAct(tx: Tx, id: string): Promise<BillerAct | undefined> {
  const statement = `select ${columns} from biller_act where id = $1 for update`
  const [row] = await tx.query<Row>(statement, [id])
  return row && actOf(row)
}

/** What waits for a second person about the same difference. */
export async function lockWaitingBillerAct(
  tx: Tx,
  differenceId: string,
): Promise<BillerAct | undefined> {
  const [row] = await tx.query<Row>(
    `select ${columns} from biller_act where difference_id = $1::int8 and state = 'asked' for update`,
    [differenceId],
  )
  return row && actOf(row)
}

/** Oldest first. */
export async function billerActsOf(reader: Reader, differenceId: string): Promise<BillerAct[]> {
  const rows = await reader.query<Row>(
    `select ${columns} from biller_act where difference_id = $1::int8 order by asked_at, id`,
    [differenceId],
  )
  return rows.map(actOf)
}

/** Newest first; `before` is the id of the last one of the page before. */
export async function searchBillerActs(
  reader: Reader,
  given: {
    readonly state: ActState | null
    readonly biller: string | null
    readonly before: string | null
    readonly limit: number
  },
): Promise<BillerAct[]> {
  const rows = await reader.query<Row>(
    `select ${columns} from biller_act
     where ($1::text is null or state = $1) and ($2::text is null or biller = $2)
       and ($3::uuid is null or id < $3::uuid)
     order by id desc limit $4`,
    [given.state, given.biller, given.before, given.limit],
  )
  return rows.map(actOf)
}
