/** What can be said of the database: settings, tables, business day. */
import { readdirSync } from 'node:fs'
import { type Config, migrationsFolder } from '../../config/index.ts'
import { appliedMigrations, checkSettings, type Database, DirectoryInUse } from '../../db/index.ts'
import { createBusinessTime, systemClock } from '../../kernel/index.ts'
import { daysOf } from '../../settlement/index.ts'
import { withDatabase } from '../place.ts'
import { bad, type Finding, good, warning } from './finding.ts'

export async function checkDatabase(config: Config): Promise<Finding[]> {
  try {
    return await withDatabase(config, async (db) => [
      good('database', db.engine === 'pglite' ? 'the embedded one opens' : 'PostgreSQL answers'),
      ...(await checkSafety(db, config)),
      ...(await checkTables(db, config)),
    ])
  } catch (error) {
    if (error instanceof DirectoryInUse)
      return [warning('database', error.message, 'the rest can be checked while it is stopped')]
    const said = error instanceof Error ? error.message || String(error) : String(error)
    return [
      bad('database', said, 'start PostgreSQL, or correct DATABASE_URL (see telepurse config)'),
    ]
  }
}

async function checkSafety(db: Database, { poolMax }: Config): Promise<Finding[]> {
  const problems = await checkSettings(db, { clock: systemClock, connections: poolMax })
  if (problems.length === 0)
    return [
      good('durability', 'fsync, full_page_writes and synchronous_commit are on, the clocks agree'),
    ]
  return problems.map(({ severity, text }) =>
    severity === 'fatal'
      ? bad('durability', text, 'change it in postgresql.conf; serve refuses to start')
      : warning('durability', text, 'change it when you can'),
  )
}

async function checkTables(db: Database, { zone }: Config): Promise<Finding[]> {
  const files = readdirSync(migrationsFolder).filter((name) => name.endsWith('.sql'))
  const applied = new Set(await appliedMigrations(db))
  const missing = files.filter((name) => !applied.has(name.replace(/\.sql$/, '')))
  if (missing.length > 0)
    return [
      warning(
        'tables',
        `${missing.length} of ${files.length} migrations are missing`,
        'run telepurse migrate',
      ),
    ]
  return [good('tables', `all ${files.length} migrations are applied`), await checkDay(db, zone)]
}

async function checkDay(db: Database, zone: string): Promise<Finding> {
  const time = createBusinessTime(zone)
  const today = time.dateOf(systemClock.now())
  const { first, closedThrough } = await daysOf(db)
  if (closedThrough === null && (first === null || first >= today))
    return good('business day', `it is ${today}, no day had to be closed yet`)
  const nextOpen = closedThrough === null ? (first ?? today) : time.nextDate(closedThrough)
  // Yesterday is closed half an hour after midnight: one open day behind today is usual then.
  return nextOpen >= time.nextDate(today, -1)
    ? good('business day', `it is ${today}, closed up to ${closedThrough ?? 'none'}`)
    : bad(
        'business day',
        `${nextOpen} is still open, today is ${today}`,
        'run a process with the role workers, and read its log for the reason',
      )
}
