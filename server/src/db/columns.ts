/**
 * Tables as data: a list of columns gives the set-based INSERT and UPDATE of a table and the array
 * literals they take, so that a column is named once.
 */
import { int8s, jsons, texts, uuids } from './array.ts'
import type { Statement } from './tx.ts'

export type Kind = 'int2' | 'int4' | 'int8' | 'text' | 'uuid' | 'date' | 'jsonb'
export interface Column<Row> {
  readonly name: string
  readonly kind: Kind
  /** Written when the row is made and never again. */
  readonly fixed?: true
  readonly of: (row: Row) => bigint | number | string | null | object
}

export function insertInto<Row>(table: string, columns: readonly Column<Row>[]): Statement {
  const names = columns.map((column) => column.name)
  return {
    name: `${table}.insert`,
    text: `insert into ${table} (${names.join(', ')}) select ${selected(columns)}
      from unnest(${parameters(columns)}) as u (${names.join(', ')})`,
  }
}

export function updateOf<Row>(table: string, all: readonly Column<Row>[]): Statement {
  const columns = mutable(all)
  const set = columns
    .filter((column) => !column.fixed)
    .map((column) => `${column.name} = u.${column.name}${cast(column)}`)
  return {
    name: `${table}.update`,
    text: `update ${table} t set ${set.join(', ')}
      from unnest(${parameters(columns)}) as u (${columns.map((column) => column.name).join(', ')})
      where t.bucket = u.bucket and t.id = u.id`,
  }
}

/** The key and what may change. */
export const mutable = <Row>(columns: readonly Column<Row>[]) =>
  columns.filter((column) => !column.fixed || column.name === 'bucket' || column.name === 'id')

const parameters = <Row>(columns: readonly Column<Row>[]) =>
  columns.map((column, i) => `$${i + 1}::${arrayKind(column.kind)}[]`).join(', ')

/** A jsonb array literal would need its quotes doubled twice: travel as text and cast each value. */
const arrayKind = (kind: Kind) => (kind === 'jsonb' ? 'text' : kind)
const cast = <Row>(column: Column<Row>) => (column.kind === 'jsonb' ? '::jsonb' : '')
const selected = <Row>(columns: readonly Column<Row>[]) =>
  columns.map((column) => `u.${column.name}${cast(column)}`).join(', ')

export function literals<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  return columns.map(({ kind, of }) => {
    if (kind === 'jsonb') return jsons(rows.map(of))
    if (kind === 'text' || kind === 'date')
      return texts(rows.map((row) => of(row) as string | null))
    if (kind === 'uuid') return uuids(rows.map((row) => of(row) as string | null))
    return int8s(rows.map((row) => of(row) as bigint | number | null))
  })
}
