/** A PostgreSQL of the command line's own, with a fresh migrated database for each race. */
import { join } from 'node:path'
import { Client } from 'pg'
import { migrate, openDatabase } from '../../server/src/db/index.ts'
import { startPostgres } from '../postgres.ts'

export type Place = Awaited<ReturnType<typeof startPlace>>

const template = 'race_template'

export async function startPlace() {
  const server = await startPostgres({ fsync: false })
  const databaseAt = (name: string) => {
    const url = new URL(server.url)
    url.pathname = `/${name}`
    return url.href
  }
  const administer = async (...statements: readonly string[]) => {
    const admin = new Client({ connectionString: server.url })
    await admin.connect()
    try {
      for (const statement of statements) await admin.query(statement)
    } finally {
      await admin.end()
    }
  }
  await administer(`create database ${template}`)
  const db = await openDatabase({ url: databaseAt(template), poolMax: 1 })
  await migrate(db, join(import.meta.dirname, '../../server/migrations'))
  await db.close()
  let made = 0
  return {
    version: server.version,
    /** Runs `use` on a database that is dropped afterwards. */
    async fresh<Value>(use: (url: string) => Promise<Value>): Promise<Value> {
      made += 1
      const name = `race_${made}`
      await administer(`create database ${name} template ${template}`)
      try {
        return await use(databaseAt(name))
      } finally {
        await administer(`drop database ${name} with (force)`)
      }
    },
    close: () => server.stop(),
  }
}
