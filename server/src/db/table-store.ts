/** Tables of what numbers ask for: read by id, by key and by what their rows belong to, and saved. */

import { bucketOf, bucketOfId, type Msisdn } from '../kernel/index.ts'
import { int8s, texts, uuids } from './array.ts'
import { insertInto, literals, mutable, updateOf } from './columns.ts'
import { columnsOf, type Field, type Record, rowFrom } from './fields.ts'
import type { Reader, Tx } from './tx.ts'

export interface RequestKey {
  readonly msisdn: Msisdn
  readonly key: string
}

export interface Changes<Row> {
  readonly made: readonly Row[]
  readonly changed: readonly Row[]
}

export interface Page {
  /** The id of the last one seen: goes on with older ones. */
  readonly before?: string
  readonly limit: number
}

export function createTable<Row>(name: string, fields: readonly Field<Row>[]) {
  const columns = columnsOf(fields)
  const list = columns.map((column) => `t.${column.name}`).join(', ')
  const rowOf = rowFrom(fields)
  const [insert, update] = [insertInto(name, columns), updateOf(name, columns)]
  // LATERAL with OFFSET goes through an index row by row, whatever the planner believes of a new table.
  const lookup = (by: string, unnested: string, condition: string) => ({
    name: `${name}.by_${by}`,
    text: `select ${list} from ${unnested} cross join lateral (
        select * from ${name} w where ${condition} offset 0
      ) t`,
  })
  const named = (by: string) => `unnest($1::int2[], $2::uuid[]) as k (bucket, ${by})`
  const byIds = lookup('ids', named('id'), 'w.bucket = k.bucket and w.id = k.id')
  const byKeys = lookup(
    'keys',
    'unnest($1::int2[], $2::text[], $3::text[]) as k (bucket, msisdn, key)',
    'w.bucket = k.bucket and w.msisdn = k.msisdn and w.key = k.key',
  )
  const find = async (reader: Reader, statement: typeof byIds | string, values: unknown[]) =>
    (await reader.query<Record>(statement, values)).map(rowOf)
  return {
    list,
    rowOf,
    byIds: async (reader: Reader, ids: readonly string[]): Promise<Row[]> =>
      ids.length === 0 ? [] : find(reader, byIds, idColumns(ids)),
    byKeys: async (reader: Reader, keys: readonly RequestKey[]): Promise<Row[]> =>
      keys.length === 0
        ? []
        : find(reader, byKeys, [
            int8s(keys.map(({ msisdn }) => bucketOf(msisdn))),
            texts(keys.map(({ msisdn }) => msisdn)),
            texts(keys.map(({ key }) => key)),
          ]),
    /** Rows that belong to these, whose id stands in `column` and whose bucket they share. */
    byParents: async (reader: Reader, column: string, ids: readonly string[]): Promise<Row[]> =>
      ids.length === 0
        ? []
        : find(
            reader,
            lookup(column, named('parent'), `w.bucket = k.bucket and w.${column} = k.parent`),
            idColumns(ids),
          ),
    /** Newest first; of one bucket where the owner's is known. */
    page: (
      reader: Reader,
      condition: string,
      values: readonly unknown[],
      { before, limit }: Page,
    ): Promise<Row[]> =>
      find(
        reader,
        `select ${list} from ${name} t where ${condition}
          and ($${values.length + 1}::uuid is null or t.id < $${values.length + 1}::uuid)
         order by t.id desc limit $${values.length + 2}`,
        [...values, before ?? null, limit],
      ),
    save(tx: Tx, { made, changed }: Changes<Row>): void {
      if (made.length > 0) tx.write(insert, literals(columns, made))
      if (changed.length > 0) tx.write(update, literals(mutable(columns), changed))
    },
  }
}

export type Table<Row> = ReturnType<typeof createTable<Row>>

export const idColumns = (ids: readonly string[]) => [
  int8s(ids.map((id) => bucketOfId(id) ?? -1)),
  uuids(ids),
]
