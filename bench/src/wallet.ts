/**
 * Payments from the wallet, face to face and otherwise, and transfers over HTTP beside payments from the phone bill,
 * in turns on one server and one PostgreSQL. Each is measured to its answer: what leaves a wallet is done by then,
 * the other is sure to be asked for.
 */
import { openDatabase } from '../../server/src/db/index.ts'
import { createBusinessTime, createIds, systemClock } from '../../server/src/kernel/index.ts'
import { checkLedger } from '../../server/src/ledger/index.ts'
import { startPostgres } from '../../test/postgres.ts'
import { scanOf, seedCodes } from './code-seed.ts'
import { cpuSecondsOf } from './cpu.ts'
import type { BenchOptions } from './main.ts'
import { createNumbers, createTurns, numberAt } from './numbers.ts'
import { openPayers, type PayersOptions, paymentOf } from './payers.ts'
import { startProgram } from './processes.ts'
import type { Figure } from './report.ts'
import { type Contestant, inTurns } from './rounds.ts'
import { merchantId, seed } from './seed.ts'
import { walletNames } from './targets.ts'
import { seedWallets } from './wallet-seed.ts'

const customers = 256
const wallets = { quick: 2_000, full: 20_000 }
/** More than are shown in the thirty seconds for which a code is the same. */
const aliases = { quick: 20_000, full: 200_000 }
const firstMs = 500
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
    const aliasCount = isQuick ? aliases.quick : aliases.full
    await seedCodes(db, { msisdns, aliasCount, now })
    const { url } = await server.ask('open', { databaseUrl: postgres.url, walletCount })
    const contestant = async (
      name: string,
      orders: Pick<PayersOptions, 'order' | 'path'>,
    ): Promise<Contestant> => {
      const payers = await openPayers({ url, apiKey: 'none', customers, ...orders })
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
    const contestants = [
      await contestant(walletNames.phoneBill, {
        order: paymentOf({ next: createNumbers(walletCount), name: 'B' }),
      }),
      await contestant(walletNames.wallet, {
        order: paymentOf({ next: createTurns(walletCount), name: 'W', source: 'wallet' }),
      }),
      await contestant(walletNames.transfers, {
        path: '/consumer/transfers',
        order: transferOf(createTurns(walletCount), walletCount),
      }),
      await contestant(walletNames.shown, {
        path: '/v1/scans',
        order: await scanOf(aliasCount),
      }),
      await contestant(walletNames.read, {
        path: '/consumer/payments',
        order: () =>
          `{"merchant":"${merchantId}","what":{"product":"100"},"key":"${crypto.randomUUID()}"}`,
      }),
    ]
    // Tables that the planner takes for empty are read in ways that no table of a running system is.
    for (const { run } of contestants) await run(performance.now() + firstMs, () => {})
    await db.transact((tx) => tx.query('analyze'))
    const figures = await inTurns(contestants, isQuick ? plan.quick : plan.full)
    const broken = (await checkLedger(db)).filter(({ offences }) => offences > 0n)
    if (broken.length > 0) throw new Error(`not sound: ${broken[0]?.examples[0]}`)
    return figures
  } finally {
    await server.end()
    await db.close()
    await postgres.stop()
  }
}

/** Every pair is as likely; nobody sends to oneself. */
const transferOf = (next: () => string, walletCount: number) => (n: number) => {
  const from = next()
  const step = 1 + ((n * 104_729) % (walletCount - 1))
  const to = numberAt((n * 7_919 + step) % walletCount)
  return `{"from":"${from}","to":"${to}","amount":"1","key":"bench:${n}"}`
}
