/**
 * Payments from the wallet over HTTP beside payments from the phone bill, in turns on one server and one PostgreSQL.
 * Each is measured to its answer: the one from the wallet is paid by then, the other is sure to be asked for.
 */
import { openDatabase } from '../../server/src/db/index.ts'
import { createBusinessTime, createIds, systemClock } from '../../server/src/kernel/index.ts'
import { checkLedger } from '../../server/src/ledger/index.ts'
import { startPostgres } from '../../test/postgres.ts'
import { cpuSecondsOf } from './cpu.ts'
import type { BenchOptions } from './main.ts'
import { createNumbers, numberAt } from './numbers.ts'
import { openPayers } from './payers.ts'
import { startProgram } from './processes.ts'
import type { Figure } from './report.ts'
import { type Contestant, inTurns } from './rounds.ts'
import { seed } from './seed.ts'
import { walletNames } from './targets.ts'
import { seedWallets } from './wallet-seed.ts'

const customers = 256
const wallets = { quick: 2_000, full: 20_000 }
const plan = {
  quick: { warmMs: 1_500, roundMs: 2_000, rounds: 3 },
  full: { warmMs: 3_000, roundMs: 4_000, rounds: 5 },
}

export async function measureWallet({ isQuick }: BenchOptions): Promise<readonly Figure[]> {
  const postgres = await startPostgres({ fsync: true })
  const db = await openDatabase({ url: postgres.url, poolMax: 3, statementTimeoutMs: 600_000 })
  const server = startProgram<{ open: { readonly url: string } }>('wallet-server.ts')
  try {
    await seed(db)
    const walletCount = isQuick ? wallets.quick : wallets.full
    const msisdns = Array.from({ length: walletCount }, (_, n) => `+86${numberAt(n)}`)
    const now = systemClock.now()
    const businessDate = createBusinessTime().dateOf(now)
    await seedWallets(db, { msisdns, ids: createIds(), now, amount: 10_000_00n, businessDate })
    await db.transact((tx) => tx.query('analyze'))
    const { url } = await server.ask('open', { databaseUrl: postgres.url })
    let turn = 0
    const nextWallet = () => {
      turn += 1
      return numberAt((turn * 7_919) % walletCount)
    }
    const contestant = async (
      name: string,
      payer: { readonly next: () => string; readonly source?: 'wallet' },
    ): Promise<Contestant> => {
      const payers = await openPayers({ url, apiKey: 'none', customers, ...payer })
      return {
        ...{ name, load: `${customers} connections, ${postgres.version}` },
        cpu: () => ({ server: cpuSecondsOf(server.pid), postgres: cpuSecondsOf(postgres.pid) }),
        async run(until, note) {
          async function customer(): Promise<void> {
            while (performance.now() < until) note(await payers.pay(), 1)
          }
          await Promise.all(Array.from({ length: customers }, customer))
        },
      }
    }
    const figures = await inTurns(
      [
        await contestant(walletNames.phoneBill, { next: createNumbers(walletCount) }),
        await contestant(walletNames.wallet, { next: nextWallet, source: 'wallet' }),
      ],
      isQuick ? plan.quick : plan.full,
    )
    const broken = (await checkLedger(db)).filter(({ offences }) => offences > 0n)
    if (broken.length > 0) throw new Error(`not sound: ${broken[0]?.examples[0]}`)
    return figures
  } finally {
    await server.end()
    await db.close()
    await postgres.stop()
  }
}
