/**
 * What it costs to keep batches within buckets: the same orders through 1, 8 and 64 lanes, in turns on one
 * PostgreSQL, without HTTP and with a carrier in memory. An order here is all of its first transaction:
 * checks, limits, hold, events, jobs. Run it with
 *
 *     node --conditions=source --import tsx bench/src/lanes.ts
 */
import { openDatabase } from '../../server/src/db/index.ts'
import { createBusinessTime, createIds, systemClock } from '../../server/src/kernel/index.ts'
import { createCatalogue } from '../../server/src/merchants/index.ts'
import { createPayments } from '../../server/src/payments/index.ts'
import { createPolicy } from '../../server/src/risk/index.ts'
import { createTestCarrier } from '../../test/carrier.ts'
import { startPostgres } from '../../test/postgres.ts'
import { cpuSecondsOf } from './cpu.ts'
import { createNumbers } from './numbers.ts'
import { seed } from './seed.ts'

const lanes = [1, 8, 64]
const rounds = 5
const roundMs = 3_000
const customers = 512
const merchants = ['6021', '6022']

const server = await startPostgres({ fsync: true })
const db = await openDatabase({ url: server.url, poolMax: 70, statementTimeoutMs: 120_000 })
await seed(db)
const clock = systemClock
const catalogue = await createCatalogue(db, clock)
const policy = await createPolicy(db, clock)
const ids = createIds()
const next = createNumbers()

const open = (count: number) =>
  createPayments({
    db,
    clock,
    ids,
    context: {
      time: createBusinessTime(),
      catalogue,
      policy: () => ({ ...policy.current(), intervalMs: 0 }),
      isTestNumber: () => false,
      isTold: () => true,
    },
    fundingFor: () => createTestCarrier(),
    refresh: () => Promise.resolve(),
    knowNumber: () => Promise.resolve(),
    log: { info: () => {}, warn: () => {}, error: console.error },
    lanes: count,
  })

const cpu = () => {
  const { user, system } = process.cpuUsage()
  return { client: (user + system) / 1e6, server: cpuSecondsOf(server.pid) ?? 0 }
}

async function measure(count: number) {
  const payments = open(count)
  const before = cpu()
  const begun = performance.now()
  let placed = 0
  let refused = 0
  const customer = async (n: number) => {
    while (performance.now() - begun < roundMs) {
      const answer = await payments.order({
        msisdn: `+86${next()}`,
        merchantId: merchants[n % merchants.length] ?? '',
        what: { amount: 1_00n },
        channel: 'api',
        consent: 'token',
        flow: 'charge',
      })
      if (answer.ok) placed += 1
      else refused += 1
    }
  }
  await Promise.all(Array.from({ length: customers }, (_, n) => customer(n)))
  const seconds = (performance.now() - begun) / 1_000
  await payments.close()
  const after = cpu()
  const perOrder = (used: number) => Math.round((used * 1e6) / (placed + refused))
  return {
    lanes: count,
    placed,
    refused,
    perSecond: Math.round(placed / seconds),
    clientUs: perOrder(after.client - before.client),
    postgresUs: perOrder(after.server - before.server),
  }
}

const results: Awaited<ReturnType<typeof measure>>[] = []
try {
  for (const count of lanes) await measure(count)
  for (let round = 0; round < rounds; round += 1)
    for (const count of lanes) results.push(await measure(count))
} finally {
  await db.close()
  await server.stop()
}
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]
for (const count of lanes) {
  const own = results.filter((result) => result.lanes === count)
  const line = (['perSecond', 'clientUs', 'postgresUs', 'refused'] as const).map(
    (key) => `${key} ${median(own.map((result) => result[key]))}`,
  )
  console.log(`${count} lanes: ${line.join(', ')}`)
}
