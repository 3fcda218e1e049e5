/**
 * What a payment costs when there are already very many. The payments before it are copies of real ones
 * (`growth-store.ts`); processor time is the figure to compare, for it minds the neighbours least.
 */
import { Pool } from 'undici'
import { checkLedger } from '../../server/src/ledger/index.ts'
import { paymentInvariants } from '../../server/src/payments/index.ts'
import { copyPayments } from './growth-store.ts'
import { runLoad } from './load.ts'
import type { BenchOptions } from './main.ts'
import { createNumbers } from './numbers.ts'
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
    const client = createPayer(stage)
    const figures: Figure[] = []
    await client.payMany(firstPayments)
    let copied = 0
    for (const size of sizes) {
      const [row] = await stage.db.query<{ count: bigint }>('select count(*) as count from payment')
      const missing = size - Number(row?.count ?? 0n)
      if (missing > 0) await copyPayments(stage.db, copied, missing)
      copied += Math.max(0, missing)
      await stage.db.transact((tx) => tx.query('analyze'))
      const before = stage.cpu()
      const result = await runLoad({ ...plan, customers }, client.pay)
      const load = `${size.toLocaleString('en')} payments before, ${customers} connections`
      figures.push(figureOf({ name: 'paid', load, result, cpu: { before, after: stage.cpu() } }))
    }
    await client.close()
    await stage.server.stop()
    await mustBeSound(stage)
    return figures
  })
}

function createPayer(stage: Stage) {
  const pool = new Pool(stage.server.url, { connections: customers, pipelining: 1 })
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${stage.apiKey}`,
  }
  const next = createNumbers()
  let orders = 0
  const pay = async () => {
    orders += 1
    const order = { product: '100', orderId: `G${orders}`, consent: 'none' }
    const body = JSON.stringify({ ...order, msisdn: next() })
    const begun = performance.now()
    const answer = await pool.request({ method: 'POST', path: '/v1/payments', headers, body })
    const text = await answer.body.text()
    if (answer.statusCode !== 201 || !text.includes('"paid":true'))
      throw new Error(`not paid: ${answer.statusCode} ${text}`)
    return performance.now() - begun
  }
  return {
    pay,
    async payMany(count: number) {
      const payer = async () => {
        while (orders < count) await pay()
      }
      await Promise.all(Array.from({ length: customers }, payer))
    },
    close: () => pool.close(),
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
