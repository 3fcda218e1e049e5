/** A table as a list of fields, each named once: what is written to it and how a row of it is read. */
import type { Column, Kind } from './columns.ts'

export type FieldKind =
  | 'int2'
  | 'int4'
  | 'text'
  | 'uuid'
  | 'date'
  | 'amount'
  | 'time'
  | 'flag'
  | 'json'

/** `fixed` is written when the row is made and never again. */
export type Field<Row> = readonly [name: keyof Row & string, kind: FieldKind, fixed?: 'fixed']

export const columnName = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const sqlKinds = {
  int2: 'int2',
  int4: 'int4',
  text: 'text',
  uuid: 'uuid',
  date: 'date',
  amount: 'int8',
  time: 'int8',
  flag: 'int2',
  json: 'jsonb',
} as const satisfies Readonly<{ [K in FieldKind]: Kind }>

type Value = bigint | number | string | object | null

export const columnsOf = <Row>(fields: readonly Field<Row>[]): Column<Row>[] =>
  fields.map(
    ([name, kind, fixed]): Column<Row> => ({
      name: columnName(name),
      kind: sqlKinds[kind],
      ...(fixed && { fixed: true }),
      of: (row) => (kind === 'flag' ? Number(row[name]) : (row[name] as Value)),
    }),
  )

export type Record = Readonly<{ [column: string]: Value }>

export const rowFrom =
  <Row>(fields: readonly Field<Row>[]) =>
  (record: Record): Row =>
    Object.fromEntries(
      fields.map(([name, kind]) => [name, readAs(record[columnName(name)] ?? null, kind)]),
    ) as Row

function readAs(value: Value, kind: FieldKind): Value | boolean {
  if (kind === 'flag') return value === 1
  return kind === 'time' && value !== null ? Number(value) : value
}
