/**
 * What a payment costs when there are already very many. The payments before it are copies of real ones
 * (`growth-store.ts`); processor time is the figure to compare, for it minds the neighbours least.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { checkLedger } from '../../server/src/ledger/index.ts'
import { paymentInvariants } from '../../server/src/payments/index.ts'
import { copyPayments } from './growth-store.ts'
import { runLoad } from './load.ts'
import type { BenchOptions } from './main.ts'
import { createNumbers } from './numbers.ts'
import { openPayers, paymentOf } from './payers.ts'
import { type Figure, figureOf } from './report.ts'
import { type Stage, withStage } from './stage.ts'

const customers = 64
/** Enough for every bucket to have been paid from. */
const firstPayments = 2_000

export async function measureGrowth({ isQuick, isLarge }: BenchOptions) {
  const sizes = isQuick ? [10_000, 20_000] : [10_000, 100_000, 1_000_000]
  if (isLarge) sizes.push(10_000_000)
  const plan = isQuick
    ? { warmMs: 500, roundMs: 1_000, rounds: 3 }
    : { warmMs: 3_000, roundMs: 5_000, rounds: 3 }
  return withStage(async (stage) => {
    const { url } = stage.server
    const payers = await openPayers({
      url,
      apiKey: stage.apiKey,
      customers,
      order: paymentOf({ next: createNumbers(), name: 'G' }),
    })
    const figures: Figure[] = []
    await payFirst(payers.pay)
    let copied = 0
    for (const size of sizes) {
      await untilCharged(stage)
      const [row] = await stage.db.query<{ count: bigint }>('select count(*) as count from payment')
      const missing = Math.max(0, size - Number(row?.count ?? 0n))
      await copyPayments(stage.db, copied, missing)
      copied += missing
      await stage.db.transact((tx) => tx.query('analyze'))
      const before = stage.cpu()
      const result = await runLoad({ ...plan, customers }, payers.pay)
      await untilCharged(stage)
      const load = `${size.toLocaleString('en')} payments before, ${customers} connections`
      const cpu = { before, after: stage.cpu() }
      figures.push(figureOf({ name: 'accepted and charged', load, result, cpu }))
    }
    payers.close()
    await stage.server.stop()
    await mustBeSound(stage)
    return figures
  })
}

async function payFirst(pay: () => Promise<number>): Promise<void> {
  let left = firstPayments
  const payer = async () => {
    while (left-- > 0) await pay()
  }
  await Promise.all(Array.from({ length: customers }, payer))
}

/** What was accepted is charged by workers a little later. */
async function untilCharged({ db }: Stage): Promise<void> {
  for (;;) {
    const [row] = await db.query(`select 1 from payment where state = 'charging' limit 1`)
    if (!row) return
    await sleep(100)
  }
}

async function mustBeSound({ db }: Stage): Promise<void> {
  const findings = await checkLedger(db)
  for (const invariant of paymentInvariants)
    findings.push({ invariant, ...(await invariant.check(db)) })
  const broken = findings.filter(({ offences }) => offences > 0n)
  if (broken.length > 0)
    throw new Error(
      `not sound: ${broken.map(({ invariant, examples }) => `${invariant.name} ${examples[0]}`)}`,
    )
}
