/** The table `operator_log`: all its SQL. Rows are added and never changed. */
import type { Reader, Tx } from '../../db/index.ts'

export interface LogEntry {
  readonly id: string
  readonly at: number
  readonly operator: string
  /** What was done, for example `merchant.status`. */
  readonly action: string
  /** To what, `kind:name`, for example `merchant:6021`. */
  readonly subject: string
  /** As it was shown before and after; null where there was or is nothing. */
  readonly before: unknown
  readonly after: unknown
}

interface Row extends Omit<LogEntry, 'at'> {
  readonly at: bigint
}

export async function insertLog(tx: Tx, entry: LogEntry): Promise<void> {
  await tx.query(
    `insert into operator_log (id, at, operator, action, subject, before, after)
     values ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb)`,
    [
      entry.id,
      entry.at,
      entry.operator,
      entry.action,
      entry.subject,
      entry.before === null ? null : JSON.stringify(entry.before),
      entry.after === null ? null : JSON.stringify(entry.after),
    ],
  )
}

/** Newest first; `before` is the id of the last one of the page before. */
export async function readLog(
  reader: Reader,
  filter: {
    readonly subject: string | null
    readonly before: string | null
    readonly limit: number
  },
): Promise<LogEntry[]> {
  const rows = await reader.query<Row>(
    `select id, at, operator, action, subject, before, after from operator_log
     where ($1::text is null or subject = $1) and ($2::uuid is null or id < $2::uuid)
     order by id desc limit $3`,
    [filter.subject, filter.before, filter.limit],
  )
  return rows.map((row) => ({ ...row, at: Number(row.at) }))
}
