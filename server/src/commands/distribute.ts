/**
 * `telepurse distribute`: lays the tables out over the machines of a Citus cluster, by bucket. Can be
 * run again. `--dry-run` prints the SQL and changes nothing, on any PostgreSQL.
 */
import {
  type DistributionRefusal,
  isCitus,
  layout,
  planDistribution,
  runDistribution,
} from '../db/distribute.ts'
import { placements } from '../db/placement.ts'
import { CannotGoOn, say } from './output.ts'
import { configOrStop, withDatabase } from './place.ts'

export interface DistributeOptions {
  readonly shards: string
  readonly dryRun?: boolean
  readonly force?: boolean
}

const shardsMax = 1_024

export async function distribute({ shards, dryRun, force }: DistributeOptions): Promise<void> {
  const count = Number(shards)
  if (!Number.isInteger(count) || count < 1 || count > shardsMax)
    throw new CannotGoOn(`--shards is a number from 1 to ${shardsMax}`)
  const config = configOrStop()
  if (config.databaseUrl === null)
    throw new CannotGoOn('the embedded database stays on one machine: set DATABASE_URL')
  await withDatabase(config, async (db) => {
    if (dryRun && !(await isCitus(db))) {
      for (const { sql } of layout([...placements.keys()], count)) say(`${sql};`)
      say('-- this server is not Citus: that is what would be done on one')
      return
    }
    const plan = await planDistribution(db, { shards: count, force: force === true })
    if (!plan.ok) throw new CannotGoOn(sentenceFor(plan.refusal))
    if (dryRun) for (const { sql } of plan.value) say(`${sql};`)
    else
      await runDistribution(db, plan.value, ({ table, becomes }) =>
        say(`${table}: ${words[becomes]}`),
      )
    say(`${dryRun ? '-- ' : ''}${plan.value.length} steps, the other tables are in their place`)
  })
}

const words = {
  distributed: 'distributed by bucket',
  reference: 'a copy on every machine',
  emptied: 'rows left behind on the coordinator removed',
} as const

function sentenceFor({ reason, details }: DistributionRefusal): string {
  const names = details.join(', ')
  const sentences: Readonly<Record<DistributionRefusal['reason'], string>> = {
    not_citus: 'this server is not Citus: create extension citus, or stay with PostgreSQL as it is',
    no_workers: 'the cluster has no machine for shards: add one with citus_add_node',
    shards_are_replicated:
      'citus.shard_replication_factor must be 1: with more, Citus refuses to lock rows',
    tables_missing: `tables are missing (${names}): run telepurse migrate`,
    table_without_place: `no place is decided for ${names}`,
    placed_otherwise: `distributed in another way: ${names}. Take that back with undistribute_table`,
    unfit: `Citus would refuse ${names}`,
    too_full: `${names} would be copied while nobody can write: stop every process, then --force`,
  }
  return sentences[reason]
}
