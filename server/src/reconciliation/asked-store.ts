/** What the tables of acts have alike: `bank_act` and `biller_act`. */
import type { Tx } from '../db/index.ts'
import type { Asked } from './act.ts'

export interface AskedRow extends Pick<Asked, 'id' | 'state' | 'reason' | 'note'> {
  readonly asked_by: string
  readonly asked_at: bigint
  readonly expires_at: bigint
  readonly decided_by: string | null
  readonly decided_at: bigint | null
}

export const askedColumns =
  'id, state, reason, asked_by, asked_at, expires_at, decided_by, decided_at, note'

/** In the order of the columns. */
export const askedValues = (act: Asked) => [
  ...[act.id, act.state, act.reason, act.askedBy, act.askedAt, act.expiresAt],
  ...[act.decidedBy, act.decidedAt, act.note],
]

export const askedOf = (row: AskedRow): Asked => ({
  ...{ id: row.id, state: row.state, reason: row.reason, note: row.note },
  askedBy: row.asked_by,
  askedAt: Number(row.asked_at),
  expiresAt: Number(row.expires_at),
  decidedBy: row.decided_by,
  decidedAt: row.decided_at === null ? null : Number(row.decided_at),
})

export type ActTable = 'bank_act' | 'biller_act'

/** The caller holds its lock. */
export async function saveAct(tx: Tx, table: ActTable, act: Asked): Promise<void> {
  await tx.query(
    `update ${table} set state = $2, decided_by = $3, decided_at = $4::int8, note = $5
     where id = $1`,
    [act.id, act.state, act.decidedBy, act.decidedAt, act.note],
  )
}

/** Of what waits about the same thing, whether somebody may still decide it; what ran out makes room. */
export async function isStillWaiting(
  tx: Tx,
  table: ActTable,
  waiting: Asked | undefined,
  now: number,
): Promise<boolean> {
  if (!waiting) return false
  if (now < waiting.expiresAt) return true
  await saveAct(tx, table, { ...waiting, state: 'expired' })
  return false
}
