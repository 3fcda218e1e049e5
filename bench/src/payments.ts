/**
 * `POST /v1/payments` with consent `none` and `Prefer: respond-async`: from the request to the answer
 * that the charge is sure to be made or refused. By then the key, the limits, the risk lists, the hold in
 * the ledger, the history and the jobs that go on from there are durable. Beside it a bare Fastify with
 * the same body and answer, which is the most that this way of serving HTTP could give on this machine.
 */
import { cpuSecondsOf } from './cpu.ts'
import { type LoadPlan, runLoad } from './load.ts'
import { createNumbers } from './numbers.ts'
import { openPayers, paymentOf } from './payers.ts'
import { startProgram } from './processes.ts'
import { type Figure, figureOf } from './report.ts'
import { type Stage, withStage } from './stage.ts'

const connections = [64, 256]
const plan: Omit<LoadPlan, 'customers'> = { warmMs: 2_000, roundMs: 4_000, rounds: 3 }

const accepted = 'POST /v1/payments, accepted'

export async function measurePayments(): Promise<readonly Figure[]> {
  const settings = { ROLES: 'api', PAYMENT_LANES: '2' }
  const batched = await withStage(
    async (stage) => {
      const next = createNumbers()
      const figures: Figure[] = []
      for (const customers of connections)
        figures.push(await measureServer(stage, { name: accepted, customers, next }, figures))
      for (const customers of connections) figures.push(await measureBare(customers))
      return figures
    },
    { settings },
  )
  return [...batched, ...(await measureOneByOne())]
}

/** The same work with a transaction for each command, on as many connections as help. */
function measureOneByOne(): Promise<readonly Figure[]> {
  const settings = { ROLES: 'api', PAYMENT_BATCH_MAX: '1', PAYMENT_LANES: '32', POOL_MAX: '48' }
  const load = { name: 'a transaction per payment', customers: 256, next: createNumbers() }
  return withStage(async (stage) => [await measureServer(stage, load, [])], { settings })
}

interface Load {
  readonly name: string
  readonly customers: number
  readonly next: () => string
}

async function measureServer(
  stage: Stage,
  { name, customers, next }: Load,
  earlier: readonly Figure[],
): Promise<Figure> {
  const payers = await openPayers({
    url: stage.server.url,
    apiKey: stage.apiKey,
    customers,
    order: paymentOf({ next, name: `B${customers}` }),
  })
  const before = stage.cpu()
  const result = await runLoad({ ...plan, customers }, payers.pay)
  const cpu = { before, after: stage.cpu() }
  payers.close()
  const [row] = await stage.db.query<{ made: bigint }>(
    `select count(*) as made from payment where state = 'charging'`,
  )
  const inDatabase = Number(row?.made ?? 0) - earlier.reduce((sum, { served }) => sum + served, 0)
  const load = `${customers} connections, ${stage.postgres}`
  return { ...figureOf({ name, load, result, cpu }), inDatabase }
}

async function measureBare(customers: number): Promise<Figure> {
  const bare = startProgram<{ open: { readonly url: string } }>('bare.ts')
  try {
    const { url } = await bare.ask('open')
    const payers = await openPayers({
      url,
      apiKey: 'none',
      customers,
      order: paymentOf({ next: createNumbers(), name: 'F' }),
    })
    const cpu = () => ({ server: cpuSecondsOf(bare.pid) })
    const before = cpu()
    const result = await runLoad({ ...plan, rounds: 1, customers }, payers.pay)
    const measured = { name: 'bare Fastify', load: `${customers} connections`, result }
    const figure = figureOf({ ...measured, cpu: { before, after: cpu() } })
    payers.close()
    return figure
  } finally {
    await bare.end()
  }
}
