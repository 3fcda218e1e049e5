/** What happened to things that have a state, one row a step, never changed: a table of such rows and all its SQL. */
import { int8s, type Reader, type Statement, type Tx, texts, uuids } from '../db/index.ts'
import { bucketOfId } from '../kernel/index.ts'

export interface HistoryEvent {
  readonly bucket: number
  readonly subject: string
  readonly seq: number
  readonly type: string
  readonly state: string
  readonly at: number
}

export interface History {
  save(tx: Tx, events: readonly HistoryEvent[]): void
  /** Oldest first. */
  of(reader: Reader, subject: string): Promise<HistoryEvent[]>
}

export function createHistory(table: string): History {
  const insert: Statement = {
    name: `${table}.insert`,
    text: `insert into ${table} (bucket, subject, seq, type, state, at)
      select * from unnest($1::int2[], $2::uuid[], $3::int4[], $4::text[], $5::text[], $6::int8[])`,
  }
  return {
    save(tx, events) {
      if (events.length === 0) return
      tx.write(insert, [
        int8s(events.map((event) => event.bucket)),
        uuids(events.map((event) => event.subject)),
        int8s(events.map((event) => event.seq)),
        texts(events.map((event) => event.type)),
        texts(events.map((event) => event.state)),
        int8s(events.map((event) => event.at)),
      ])
    },
    async of(reader, subject) {
      const rows = await reader.query<Omit<HistoryEvent, 'at'> & { at: bigint }>(
        `select bucket, subject, seq, type, state, at from ${table}
          where bucket = $1 and subject = $2 order by seq`,
        [bucketOfId(subject) ?? -1, subject],
      )
      return rows.map((row) => ({ ...row, at: Number(row.at) }))
    },
  }
}
