/**
 * Writes to a PGlite directory until it is killed, and prints each id after its commit was answered:
 * what was printed must be there afterwards. A number ends it after that many; `hang` sends a
 * statement that never answers instead.
 */
import { openDatabase } from '../../server/src/db/index.ts'

const [dataDir = '', mode = 'for ever'] = process.argv.slice(2)
const count = BigInt(/^\d+$/.test(mode) ? mode : 1_000_000)
const say = (line: string) => process.stdout.write(`${line}\n`)

const db = await openDatabase({ dataDir, statementTimeoutMs: mode === 'hang' ? 1 : 30_000 })
say('open')
if (mode === 'hang') await db.query('select pg_sleep(3600)')
await db.transact(async (tx) => tx.write('create table if not exists note (id int8 primary key)'))
const [last] = await db.query<{ id: bigint }>('select coalesce(max(id), 0) as id from note')
const first = (last?.id ?? 0n) + 1n
for (let id = first; id < first + count; id += 1n) {
  await db.transact(async (tx) => tx.write('insert into note values ($1)', [id]))
  say(String(id))
}
await db.close()
say('closed')
