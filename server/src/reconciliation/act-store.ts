/** The table `bank_act`: all its SQL. */
import type { Reader, Tx } from '../db/index.ts'
import type { Act, ActState } from './act.ts'

interface Row
  extends Pick<
    Act,
    'id' | 'kind' | 'bank' | 'day' | 'side' | 'amount' | 'state' | 'reason' | 'note'
  > {
  readonly difference_id: bigint | null
  readonly wallet_id: string | null
  readonly wallet_bucket: number | null
  readonly asked_by: string
  readonly asked_at: bigint
  readonly expires_at: bigint
  readonly decided_by: string | null
  readonly decided_at: bigint | null
}

const columns = `id, kind, bank, day, difference_id, side, amount, wallet_id, wallet_bucket, state, reason,
  asked_by, asked_at, expires_at, decided_by, decided_at, note`

const actOf = (row: Row): Act => ({
  ...{ id: row.id, kind: row.kind, bank: row.bank, day: row.day, side: row.side },
  ...{ amount: row.amount, state: row.state, reason: row.reason, note: row.note },
  differenceId: row.difference_id === null ? null : String(row.difference_id),
  wallet:
    row.wallet_id === null || row.wallet_bucket === null
      ? null
      : { id: row.wallet_id, bucket: row.wallet_bucket },
  askedBy: row.asked_by,
  askedAt: Number(row.asked_at),
  expiresAt: Number(row.expires_at),
  decidedBy: row.decided_by,
  decidedAt: row.decided_at === null ? null : Number(row.decided_at),
})

export async function insertAct(tx: Tx, act: Act): Promise<void> {
  await tx.query(
    `insert into bank_act (${columns})
     values ($1, $2, $3, $4::date, $5::int8, $6, $7::int8, $8, $9::int2, $10, $11, $12, $13::int8,
       $14::int8, $15, $16::int8, $17)`,
    [
      ...[act.id, act.kind, act.bank, act.day, act.differenceId, act.side, act.amount],
      ...[act.wallet?.id ?? null, act.wallet?.bucket ?? null, act.state, act.reason],
      ...[act.askedBy, act.askedAt, act.expiresAt, act.decidedBy, act.decidedAt, act.note],
    ],
  )
}

/** The caller holds its lock. */
export async function saveAct(tx: Tx, act: Act): Promise<void> {
  await tx.query(
    `update bank_act set state = $2, decided_by = $3, decided_at = $4::int8, note = $5
     where id = $1`,
    [act.id, act.state, act.decidedBy, act.decidedAt, act.note],
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
