/** The table `bank_difference`, as people resolve it. */
import type { Reader, Tx } from '../db/index.ts'
import type { Difference, DifferenceKind, DifferenceState } from './difference.ts'

interface Row extends Omit<Difference, 'id' | 'operationId' | 'foundAt' | 'resolvedAt'> {
  readonly id: bigint
  readonly operation_id: string | null
  readonly found_at: bigint
  readonly resolved_at: bigint | null
}

const columns = `id, bank, day, kind, key, operation_id, ours, theirs, found_at, side, amount, state,
  resolution, resolved_at`

const differenceOf = ({ operation_id, found_at, resolved_at, ...row }: Row): Difference => ({
  ...row,
  id: String(row.id),
  operationId: operation_id,
  foundAt: Number(found_at),
  resolvedAt: resolved_at === null ? null : Number(resolved_at),
})

export interface DifferenceFilter {
  readonly bank: string | null
  readonly day: string | null
  readonly kind: DifferenceKind | null
  readonly states: readonly DifferenceState[]
  readonly before: string | null
  readonly limit: number
}

/** Newest first; `before` is the id of the last one of the page before. */
export async function searchDifferences(
  reader: Reader,
  { bank, day, kind, states, before, limit }: DifferenceFilter,
): Promise<Difference[]> {
  const rows = await reader.query<Row>(
    `select ${columns} from bank_difference
     where ($1::text is null or bank = $1) and ($2::date is null or day = $2::date)
       and ($3::text is null or kind = $3) and state = any(string_to_array($4, ','))
       and ($5::int8 is null or id < $5::int8)
     order by id desc limit $6`,
    [bank, day, kind, states.join(','), before, limit],
  )
  return rows.map(differenceOf)
}

export async function findDifference(reader: Reader, id: string): Promise<Difference | undefined> {
  const [row] = await reader.query<Row>(
    `select ${columns} from bank_difference where id = $1::int8`,
    [id],
  )
  return row && differenceOf(row)
}

export async function lockDifference(tx: Tx, id: string): Promise<Difference | undefined> {
  const [row] = await tx.query<Row>(
    `select ${columns} from bank_difference where id = $1::int8 for update`,
    [id],
  )
  return row && differenceOf(row)
}

/** The caller holds the row's lock. */
export async function saveDifference(
  tx: Tx,
  { id, state, resolution, resolvedAt }: Difference,
): Promise<void> {
  await tx.query(
    `update bank_difference set state = $2, resolution = $3, resolved_at = $4::int8
     where id = $1::int8`,
    [id, state, resolution, resolvedAt],
  )
}

export interface Unresolved {
  readonly unresolved: number
  readonly overdue: number
  readonly oldestFoundAt: number | null
}

const unresolved = {
  bank: `bank_difference where state <> 'resolved'`,
  biller: 'biller_difference where resolution is null',
} as const

export async function countUnresolved(
  reader: Reader,
  party: keyof typeof unresolved,
  overdueBefore: number,
): Promise<Unresolved> {
  const [row] = await reader.query<{
    unresolved: bigint
    overdue: bigint
    oldest: bigint | null
  }>(
    `select count(*) as unresolved, count(*) filter (where found_at < $1::int8) as overdue,
       min(found_at) as oldest
     from ${unresolved[party]}`,
    [overdueBefore],
  )
  const oldest = row?.oldest ?? null
  return {
    unresolved: Number(row?.unresolved ?? 0n),
    overdue: Number(row?.overdue ?? 0n),
    oldestFoundAt: oldest === null ? null : Number(oldest),
  }
}
