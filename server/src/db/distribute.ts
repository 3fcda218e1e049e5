/**
 * Lays the tables out on Citus by bucket, as `placement.ts` says. What is in its place already is left
 * alone, so it can be run again: after an interruption, or when a migration has added a table.
 */
import { accept, type Result, refuse } from '../kernel/index.ts'
import { unfitIn } from './distributable.ts'
import { firstDistributed, type Placement, placements } from './placement.ts'
import type { Database, Reader } from './tx.ts'

export interface DistributionStep {
  readonly table: string
  /** What becomes of the table. */
  readonly becomes: 'distributed' | 'reference' | 'emptied'
  readonly sql: string
}

export interface DistributionOptions {
  readonly shards: number
  /** Also when there is much to copy. */
  readonly force: boolean
}

export interface DistributionRefusal {
  readonly reason:
    | 'not_citus'
    | 'no_workers'
    | 'shards_are_replicated'
    | 'tables_missing'
    | 'table_without_place'
    | 'placed_otherwise'
    | 'unfit'
    | 'too_full'
  /** What stands in the way, by name. */
  readonly details: readonly string[]
}

/** A table that moves is copied while nobody can write to it: minutes from here on. */
const bytesMax = 2n ** 30n

/** What is still to do; nothing when every table is in its place. */
export async function planDistribution(
  reader: Reader,
  { shards, force }: DistributionOptions,
  most = bytesMax,
): Promise<Result<DistributionStep[], DistributionRefusal>> {
  if (!(await isCitus(reader))) return refused('not_citus')
  const [cluster] = await reader.query<{ workers: bigint; copies: string }>(clusterStatement)
  if (cluster?.workers === 0n) return refused('no_workers')
  if (cluster?.copies !== '1') return refused('shards_are_replicated')
  const tables = await reader.query<TableRow>(placedStatement)
  const fault = faultIn(tables)
  if (fault) return refuse(fault)
  const unfit = await unfitIn(reader)
  if (unfit.length > 0) return refused('unfit', unfit)
  const toMove = tables.filter((table) => table.place === 'local' && wantedFor(table) !== 'local')
  const bytes = toMove.reduce((sum, table) => sum + table.bytes, 0n)
  if (bytes > most && !force) return refused('too_full', [`${bytes / 2n ** 20n} MB`])
  const stale = tables.filter((table) => table.place !== 'local' && table.left_bytes > 0n)
  return accept([
    ...layout(
      toMove.map((table) => table.name),
      shards,
    ),
    ...stale.map(({ name }) => ({
      table: name,
      becomes: 'emptied' as const,
      sql: `select truncate_local_data_after_distributing_table('${name}')`,
    })),
  ])
}

/** The whole layout of a database of which nothing is distributed yet, in order. */
export function layout(tables: readonly string[], shards: number): DistributionStep[] {
  const wanted = new Set(tables)
  return [...placements].flatMap(([table, placement]) =>
    wanted.has(table) && placement !== 'local'
      ? [{ table, becomes: placement, sql: placeSql(table, placement, shards) }]
      : [],
  )
}

/** Each step is a transaction of its own: what is done stays done when a later one fails. */
export async function runDistribution(
  db: Database,
  steps: readonly DistributionStep[],
  done: (step: DistributionStep) => void,
): Promise<void> {
  for (const step of steps) {
    await db.transact((tx) => tx.query(step.sql))
    done(step)
  }
}

export async function isCitus(reader: Reader): Promise<boolean> {
  const [found] = await reader.query<{ there: boolean }>(
    `select to_regclass('pg_dist_partition') is not null as there`,
  )
  return found?.there === true
}

interface TableRow {
  readonly name: string
  /** `otherwise`: distributed, but not by bucket or not with the others. */
  readonly place: Placement | 'otherwise'
  readonly bytes: bigint
  /** Rows that stayed on the coordinator when the table left: nobody sees them any more. */
  readonly left_bytes: bigint
}

const wantedFor = ({ name }: TableRow) => placements.get(name)

function faultIn(tables: readonly TableRow[]): DistributionRefusal | undefined {
  const there = new Set(tables.map((table) => table.name))
  const missing = [...placements.keys()].filter((table) => !there.has(table))
  if (missing.length > 0) return { reason: 'tables_missing', details: missing }
  const homeless = tables.filter((table) => wantedFor(table) === undefined)
  if (homeless.length > 0)
    return { reason: 'table_without_place', details: homeless.map((table) => table.name) }
  const otherwise = tables.filter(
    (table) => table.place !== 'local' && table.place !== wantedFor(table),
  )
  if (otherwise.length > 0)
    return { reason: 'placed_otherwise', details: otherwise.map((table) => table.name) }
  return undefined
}

const refused = (
  reason: DistributionRefusal['reason'],
  details: readonly string[] = [],
): Result<never, DistributionRefusal> => refuse({ reason, details })

function placeSql(table: string, placement: 'distributed' | 'reference', shards: number): string {
  if (placement === 'reference') return `select create_reference_table('${table}')`
  const how =
    table === firstDistributed
      ? `colocate_with => 'none', shard_count => ${shards}`
      : `colocate_with => '${firstDistributed}'`
  return `select create_distributed_table('${table}', 'bucket', ${how})`
}

// With more than one copy of a shard Citus sends statements instead of rows, and refuses row locks.
const clusterStatement = `
  select count(*) filter (where noderole = 'primary' and isactive and shouldhaveshards) as workers,
    coalesce(current_setting('citus.shard_replication_factor', true), '1') as copies
  from pg_dist_node`

const placedStatement = `
  select c.relname as name, pg_total_relation_size(c.oid) as bytes,
    pg_relation_size(c.oid) as left_bytes,
    case
      when p.logicalrelid is null then 'local'
      when p.partmethod = 'n' and p.repmodel = 't' then 'reference'
      when p.partmethod = 'h' and column_to_column_name(p.logicalrelid, p.partkey) = 'bucket'
        and p.colocationid = (
          select f.colocationid from pg_dist_partition f
          where f.logicalrelid = '${firstDistributed}'::regclass
        ) then 'distributed'
      else 'otherwise'
    end as place
  from pg_class c left join pg_dist_partition p on p.logicalrelid = c.oid
  where c.relkind in ('r', 'p') and c.relnamespace = current_schema()::regnamespace
  order by c.relname`
