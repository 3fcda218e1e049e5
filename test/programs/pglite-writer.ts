/**
 * Writes to a PGlite directory until it is killed, and prints each id after its commit was answered:
 * what was printed must be there afterwards. `hang` sends a statement that never answers instead.
 */
import { openDatabase } from '../../server/src/db/index.ts'

const [dataDir = '', mode = 'write'] = process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)

const db = await openDatabase({ dataDir, statementTimeoutMs: mode === 'hang' ? 1 : 30_000 })
say('open')
if (mode === 'hang') await db.query('select pg_sleep(3600)')
await db.transact(async (tx) => tx.write('create table if not exists note (id int8 primary key)'))
const [last] = await db.query<{ id: bigint }>('select coalesce(max(id), 0) as id from note')
for (let id = (last?.id ?? 0n) + 1n; mode === 'write'; id += 1n) {
  await db.transact(async (tx) => tx.write('insert into note values ($1)', [id]))
  say(String(id))
}
await db.close()
say('closed')
