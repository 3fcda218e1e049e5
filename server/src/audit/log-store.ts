/**
 * The tables `operator_log` and `audit_head`: all their SQL. Rows are added and never changed. The head
 * is the one row that every writer locks, so that the chain is one line whoever writes.
 */
import type { Reader, Tx } from '../db/index.ts'

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

/** A row with its place in the chain. */
export interface ChainedEntry extends LogEntry {
  readonly seq: string
  readonly hash: string
}

/** The last row of the chain. */
export interface Head {
  /** 0 and no hash: nothing was written yet. */
  readonly seq: bigint
  readonly hash: string
}

export interface SealedHead extends Head {
  readonly seal: string | null
}

/**
 * SHA-256 of the row in its one form: a JSON array of all its columns and the hash before. `before` and
 * `after` are in it as the text that `jsonb` has for them, so that null and JSON's null differ.
 */
export const hashOf = (row: string) =>
  `encode(sha256(convert_to(jsonb_build_array(${row}.seq, ${row}.id, ${row}.at, ${row}.operator,
     ${row}.action, ${row}.subject, ${row}.before::text, ${row}.after::text,
     ${row}.previous_hash)::text, 'UTF8')), 'hex')`

const headColumns = 'seq, hash, seal'

export async function readHead(reader: Reader): Promise<SealedHead | undefined> {
  const [head] = await reader.query<SealedHead>(`select ${headColumns} from audit_head`)
  return head
}

export async function lockHead(tx: Tx): Promise<SealedHead | undefined> {
  const [head] = await tx.query<SealedHead>(`select ${headColumns} from audit_head for update`)
  return head
}

export async function saveHead(tx: Tx, { seq, hash, seal }: SealedHead): Promise<void> {
  await tx.query('update audit_head set seq = $1::int8, hash = $2, seal = $3', [seq, hash, seal])
}

/** Adds the row after `head` and answers the new head. The caller holds the head's lock. */
export async function insertAfter(tx: Tx, head: Head, entry: LogEntry): Promise<Head> {
  const [added] = await tx.query<Head>(
    `insert into operator_log
       (id, at, operator, action, subject, before, after, seq, previous_hash, hash)
     select e.*, ${hashOf('e')}
     from (select $1::uuid as id, $2::int8 as at, $3::text as operator, $4::text as action,
       $5::text as subject, $6::jsonb as before, $7::jsonb as after, $8::int8 as seq,
       $9::text as previous_hash) e
     returning seq, hash`,
    [
      entry.id,
      entry.at,
      entry.operator,
      entry.action,
      entry.subject,
      jsonOf(entry.before),
      jsonOf(entry.after),
      head.seq + 1n,
      head.hash,
    ],
  )
  if (!added) throw new Error('the row was not added')
  return added
}

const jsonOf = (value: unknown) => (value === null ? null : JSON.stringify(value))

interface Row extends Omit<ChainedEntry, 'at' | 'seq'> {
  readonly at: bigint
  readonly seq: bigint
}

/** Newest first; `before` is the id of the last one of the page before. */
export async function readLog(
  reader: Reader,
  filter: {
    readonly subject: string | null
    readonly before: string | null
    readonly limit: number
  },
): Promise<ChainedEntry[]> {
  const rows = await reader.query<Row>(
    `select id, at, operator, action, subject, before, after, seq, hash from operator_log
     where ($1::text is null or subject = $1) and ($2::uuid is null or id < $2::uuid)
     order by id desc limit $3`,
    [filter.subject, filter.before, filter.limit],
  )
  return rows.map((row) => ({ ...row, at: Number(row.at), seq: String(row.seq) }))
}
