/** The rows of one table while a batch is decided: those loaded, those made and those changed. */
import { assert } from '../kernel/index.ts'
import type { Changes } from './table-store.ts'

interface Row {
  readonly bucket: number
  readonly id: string
  readonly state?: string
  readonly version?: number
  readonly msisdn?: string | null
  readonly key?: string | null
}

type Edges = Readonly<{ [state: string]: readonly string[] | undefined }>

export interface SheetOptions<Kept> {
  readonly rows: readonly Kept[]
  /** Where rows have states: the only edges there are. */
  readonly next?: Edges
  /** Told of every step of rows that have a history. */
  readonly record?: (row: Kept, type: string) => void
  /** What rows are asked for by, besides their ids; it never changes. Undefined for none. */
  readonly groupOf?: (row: Kept) => string | undefined
}

const keyOf = (row: Row) => (row.key == null ? undefined : `${row.msisdn}|${row.key}`)

export function createSheet<Kept extends Row>(options: SheetOptions<Kept>) {
  const { rows, next, record, groupOf } = options
  const all = new Map(rows.map((row) => [row.id, row]))
  const byKey = new Map(rows.flatMap((row) => [[keyOf(row), row.id]] as const))
  const groups = new Map<string, Set<string>>()
  const enter = (row: Kept) => {
    const group = groupOf?.(row)
    if (group === undefined) return
    const ids = groups.get(group)
    if (ids) ids.add(row.id)
    else groups.set(group, new Set([row.id]))
  }
  for (const row of rows) enter(row)
  const made = new Set<string>()
  const changed = new Set<string>()
  return {
    get: (id: string | null) => (id === null ? undefined : all.get(id)),
    byKey: (msisdn: string, key: string) => all.get(byKey.get(`${msisdn}|${key}`) ?? ''),
    /** In the order in which they were read or made. */
    of: (group: string): Kept[] =>
      [...(groups.get(group) ?? [])].flatMap((id) => all.get(id) ?? []),
    create(row: Kept, type: string): Kept {
      all.set(row.id, row)
      byKey.set(keyOf(row), row.id)
      enter(row)
      made.add(row.id)
      record?.(row, type)
      return row
    },
    /** Takes an edge of the diagram, or notes something without one. */
    change(id: string, patch: Partial<Kept>, type: string): Kept {
      const before = all.get(id)
      assert(before, `${type} is of a row in the book`)
      const [from, to] = [before.state, patch.state ?? before.state]
      assert(from === to || next?.[from ?? '']?.includes(to ?? ''), `no edge from ${from} to ${to}`)
      const version = before.version === undefined ? {} : { version: before.version + 1 }
      const after = { ...before, ...patch, ...version }
      all.set(id, after)
      byKey.set(keyOf(after), id)
      if (!made.has(id)) changed.add(id)
      record?.(after, type)
      return after
    },
    writes: (): Changes<Kept> => ({
      made: [...all.values()].filter(({ id }) => made.has(id)),
      changed: [...all.values()].filter(({ id }) => changed.has(id)),
    }),
  }
}

export type Sheet<Kept extends Row> = ReturnType<typeof createSheet<Kept>>
