/** `telepurse verify` of a ledger of millions, as its own process runs it. */

import { migrate, openDatabase } from '../../server/src/db/index.ts'
import { checkLedger } from '../../server/src/ledger/index.ts'
import { startPostgres } from '../../test/postgres.ts'
import { cpuSecondsOf, ownCpuSeconds } from './cpu.ts'
import { productionLike } from './ledger/measure.ts'
import { seedTransfers } from './ledger/seed-transfers.ts'
import { migrationsFolder, settle } from './ledger/world.ts'
import type { BenchOptions } from './main.ts'
import { familyMbOf, ownMb } from './memory.ts'
import { figureOfRuns, type Timed } from './once.ts'
import type { Figure } from './report.ts'

/** Payments of two transfers each. */
const payments = { quick: 64_000, full: 5_000_320 }

export async function measureVerify({ isQuick }: BenchOptions): Promise<readonly Figure[]> {
  // What is made to be read once need not survive a power cut.
  const pg = await startPostgres({ settings: { ...productionLike, maintenance_work_mem: '512MB' } })
  const db = await openDatabase({ url: pg.url, poolMax: 3, statementTimeoutMs: 3_600_000 })
  try {
    const count = isQuick ? payments.quick : payments.full
    await migrate(db, migrationsFolder)
    await seedTransfers(db, count)
    await settle(pg.url)
    const runs: Timed[] = []
    for (let round = 0; round < (isQuick ? 3 : 2); round += 1) {
      const before = { verify: ownCpuSeconds(), postgres: cpuSecondsOf(pg.pid) ?? 0 }
      const begun = performance.now()
      const findings = await checkLedger(db)
      const seconds = (performance.now() - begun) / 1_000
      if (findings.some(({ offences }) => offences > 0n)) throw new Error('the books are not sound')
      runs.push({
        seconds,
        cpuSeconds: {
          verify: ownCpuSeconds() - before.verify,
          postgres: (cpuSecondsOf(pg.pid) ?? 0) - before.postgres,
        },
        peakMb: { verify: ownMb(), postgres: familyMbOf(pg.pid) },
      })
    }
    const transfers = 2 * count
    const load = `${transfers.toLocaleString('en')} transfers, ${pg.version}`
    return [figureOfRuns({ name: 'ledger verified', load, count: transfers }, runs)]
  } finally {
    await db.close()
    await pg.stop()
  }
}
