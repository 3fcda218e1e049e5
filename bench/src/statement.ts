/** `telepurse statement` of a merchant with very many payments on one day. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, openDatabase } from '../../server/src/db/index.ts'
import { startPostgres } from '../../test/postgres.ts'
import { productionLike } from './ledger/measure.ts'
import { businessDate, migrationsFolder, settle } from './ledger/world.ts'
import type { BenchOptions } from './main.ts'
import { figureOfRuns, type Timed, timeCommand } from './once.ts'
import type { Figure } from './report.ts'
import { merchantId } from './seed.ts'

const payments = { quick: 50_000, full: 1_000_000 }
const rounds = 3

export async function measureStatement({ isQuick }: BenchOptions): Promise<readonly Figure[]> {
  const pg = await startPostgres({ settings: productionLike })
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-bench-'))
  try {
    const count = isQuick ? payments.quick : payments.full
    await seedDay(pg.url, count)
    const out = join(folder, 'statement.txt')
    const runs: Timed[] = []
    const order = ['--merchant', merchantId, '--date', businessDate, '--format', 'native']
    for (let round = 0; round < rounds; round += 1)
      runs.push(
        await timeCommand({
          args: ['statement', ...order, '--out', out],
          env: { DATABASE_URL: pg.url, TELEPURSE_DATA: folder },
          databasePid: pg.pid,
        }),
      )
    const megabytes = Math.round(statSync(out).size / 2 ** 20)
    const load = `${count.toLocaleString('en')} payments, ${megabytes} MB, ${pg.version}`
    return [figureOfRuns({ name: 'telepurse statement', load, count }, runs)]
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await pg.stop()
  }
}

async function seedDay(url: string, count: number): Promise<void> {
  const db = await openDatabase({ url, poolMax: 1, statementTimeoutMs: 600_000 })
  await migrate(db, migrationsFolder)
  await db.transact(async (tx) => {
    await tx.query(
      `insert into payment (bucket, id, version, order_no, msisdn, language, carrier, billing, region,
          merchant_id, product, product_version, goods_zh, goods_en, delivery, amount, channel,
          consent, flow, state, prompts, code_tries, created_at, deadline_at, confirmed_at,
          charge_id, business_date, charged_at, ended_at, refunded, refunding, merchant_order_id)
        select n % 64, lpad(to_hex(n), 32, '0')::uuid, 5, 'N' || n, '+86138' || 10000000 + n, 'zh',
          'CMCC', 'postpaid', '110000', $1, '100', 1, '点卡10元', 'Card', 'none', 1000, 'api', 'none',
          'one_step', 'delivered', 0, 0, at, at, at, 'C' || n, $2::date, at, at, 0, 0, 'ORDER-' || n
        from generate_series(1, $3::int) n
        cross join lateral (
          select (extract(epoch from $2::timestamp at time zone 'Asia/Shanghai') * 1000)::int8
            + (n::int8 * 7919) % 86400000 as at
        ) moment`,
      [merchantId, businessDate, count],
    )
    await tx.query('update business_day set closed_through = $1::date', [businessDate])
  })
  await db.close()
  await settle(url)
}
