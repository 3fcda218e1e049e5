/**
 * `POST /v1/payments` with consent `none`: from the request to the answer that says paid, with
 * everything a payment brings with it. Beside it a bare Fastify with the same body and answer, which
 * is the most that this way of serving HTTP could give on this machine.
 */
import { type Dispatcher, Pool } from 'undici'
import { cpuSecondsOf } from './cpu.ts'
import { type LoadPlan, runLoad } from './load.ts'
import { createNumbers } from './numbers.ts'
import { startProgram } from './processes.ts'
import { type Figure, figureOf } from './report.ts'
import { type Stage, withStage } from './stage.ts'

const connections = [64, 256]
const plan: Omit<LoadPlan, 'customers'> = { warmMs: 2_000, roundMs: 4_000, rounds: 3 }

export async function measurePayments(): Promise<readonly Figure[]> {
  return withStage(async (stage) => {
    const next = createNumbers()
    const figures: Figure[] = []
    for (const customers of connections) {
      const figure = await measureServer(stage, customers, next)
      const [row] = await stage.db.query<{ paid: bigint }>(
        'select count(*) as paid from payment where charged_at is not null',
      )
      const before = figures.reduce((sum, one) => sum + one.served, 0)
      figures.push({ ...figure, inDatabase: Number(row?.paid ?? 0) - before })
    }
    for (const customers of connections) figures.push(await measureBare(customers))
    return figures
  })
}

async function measureServer(stage: Stage, customers: number, next: () => string): Promise<Figure> {
  const client = createClient(stage.server.url, customers, stage.apiKey)
  const before = stage.cpu()
  const result = await runLoad({ ...plan, customers }, () => client.pay(next()))
  const figure = figureOf({
    name: 'POST /v1/payments, paid',
    load: `${customers} connections, ${stage.postgres}`,
    result,
    cpu: { before, after: stage.cpu() },
  })
  await client.close()
  return figure
}

async function measureBare(customers: number): Promise<Figure> {
  const bare = startProgram<{ open: { readonly url: string } }>('bare.ts')
  try {
    const { url } = await bare.ask('open')
    const client = createClient(url, customers, 'none')
    const next = createNumbers()
    const cpu = () => ({ server: cpuSecondsOf(bare.pid) })
    const before = cpu()
    const pay = () => client.pay(next())
    const result = await runLoad({ ...plan, rounds: 1, customers }, pay)
    const measured = { name: 'bare Fastify', load: `${customers} connections`, result }
    const figure = figureOf({ ...measured, cpu: { before, after: cpu() } })
    await client.close()
    return figure
  } finally {
    await bare.end()
  }
}

function createClient(url: string, customers: number, apiKey: string) {
  const pool = new Pool(url, { connections: customers, pipelining: 1 })
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` }
  let orders = 0
  return {
    async pay(msisdn: string): Promise<number> {
      orders += 1
      const body = JSON.stringify({
        msisdn,
        product: '100',
        orderId: `B${customers}-${orders}`,
        consent: 'none',
      })
      const begun = performance.now()
      const answer = await pool.request({ method: 'POST', path: '/v1/payments', headers, body })
      await mustBePaid(answer)
      return performance.now() - begun
    },
    close: () => pool.close(),
  }
}

async function mustBePaid({ statusCode, body }: Dispatcher.ResponseData): Promise<void> {
  const text = await body.text()
  if (statusCode !== 201 || !text.includes('"paid":true'))
    throw new Error(`not paid: ${statusCode} ${text}`)
}
