/**
 * Writes wide rows until the database cannot go on, and prints each id after its commit was answered:
 * what was printed must be there afterwards. It ends as `serve` does, with 70, or with 1.
 */
import { openDatabase } from '../../server/src/db/index.ts'

const [place = ''] = process.argv.slice(2)
const db = await openDatabase({
  ...(place.startsWith('postgres:') ? { url: place } : { dataDir: place }),
  statementTimeoutMs: 5_000,
  onFatal: () => process.exit(70),
})
await db.transact(async (tx) =>
  tx.write('create table if not exists wide (id int8 primary key, text text)'),
)
process.stdout.write('open\n')
for (let id = 1; ; id += 1) {
  // Noise, for what is always the same is stored small.
  const text = `select $1, string_agg(md5(random()::text), '') from generate_series(1, 60)`
  await db.transact(async (tx) => tx.write(`insert into wide ${text}`, [id]))
  process.stdout.write(`${id}\n`)
}
