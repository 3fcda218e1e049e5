/** `telepurse migrate`: brings the tables of the database up to date. */
import { migrationsFolder } from '../config/index.ts'
import { appliedMigrations, migrate as applyMigrations } from '../db/index.ts'
import { say } from './output.ts'
import { configOrStop, withDatabase } from './place.ts'

export async function migrate(): Promise<void> {
  await withDatabase(configOrStop(), async (db) => {
    const applied = await applyMigrations(db, migrationsFolder)
    for (const name of applied) say(`applied ${name}`)
    const all = await appliedMigrations(db)
    say(`${applied.length} applied now, ${all.length} in all: the tables are up to date`)
  })
}
