/**
 * The log of what callers were told, one line each, written after the answer was there; and the rules
 * that hold it against the rows. Balances can add up over rows that are missing: this finds those too.
 */
import { createWriteStream, readFileSync } from 'node:fs'
import type { Database } from '../../server/src/db/index.ts'
import { type Invariant, invariant } from '../../server/src/ledger/index.ts'

export interface Acknowledgement {
  /** Which table has it; `settled` is a pending transfer that somebody was told has ended. */
  readonly kind: 'payment' | 'refund' | 'transfer' | 'settled'
  readonly id: string
  /** The business key it was asked for under. */
  readonly key?: string
}

export type Acknowledged = Awaited<ReturnType<typeof createAcknowledged>>

export async function createAcknowledged(db: Database, file: string) {
  await db.transact((tx) =>
    tx.query('create table if not exists race_acknowledged (kind text, id uuid, key text)'),
  )
  const stream = createWriteStream(file, { flags: 'a' })
  let count = 0
  let loaded = 0
  const flushed = () => new Promise<void>((resolve) => stream.write('', () => resolve()))
  return {
    add(one: Acknowledgement) {
      count += 1
      stream.write(`${JSON.stringify(one)}\n`)
    },
    count: () => count,
    /** Puts what was written since the last time beside the rows it is about. */
    async load() {
      await flushed()
      const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean).slice(loaded)
      for (let i = 0; i < lines.length; i += 10_000)
        await db.transact((tx) =>
          tx.query(
            `insert into race_acknowledged select kind, id, key
              from jsonb_to_recordset($1::jsonb) as line (kind text, id uuid, key text)`,
            [`[${lines.slice(i, i + 10_000).join(',')}]`],
          ),
        )
      loaded += lines.length
    },
    close: () => new Promise<void>((resolve) => stream.end(resolve)),
  }
}

const tables = [
  ['payment', 'payment', 'id'],
  ['refund', 'refund', 'id'],
  ['transfer', 'transfer', 'id'],
  ['settled', 'transfer', 'pending_id'],
] as const

export const acknowledgedRules: readonly Invariant[] = [
  invariant(
    'acknowledged_is_durable',
    'Everything a caller was told of is there.',
    tables
      .map(
        ([kind, table, column]) => `select format('${kind} %s is not there', a.id) as example
          from race_acknowledged a
          where a.kind = '${kind}' and not exists (select from ${table} t where t.${column} = a.id)`,
      )
      .join(' union all '),
  ),
  invariant(
    'acknowledged_keys_have_one_effect',
    'Whoever asked under one key was told of one thing, and one thing was made.',
    `select format('%s stands for %s things', key, count(distinct id)) as example
      from race_acknowledged where key is not null group by key having count(distinct id) > 1
     union all
     select format('%s made %s things', k.name, count(*))
      from payment_event e
      cross join lateral jsonb_array_elements_text(e.data->'keys') k (name)
      where jsonb_typeof(e.data->'keys') = 'array'
      group by k.name having count(*) > 1`,
  ),
]
