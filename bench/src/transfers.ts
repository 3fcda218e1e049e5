/**
 * Transfers between wallets and payments from them beside payments from the phone bill, in turns on one
 * PostgreSQL, each through its lane in this process: no HTTP, no carrier. An order of either is all of its first
 * transaction: checks, limits, ledger, history, texts and jobs. A transfer and a payment from a wallet are whole
 * with it, for they have nothing to ask of anybody; most transfers go from bucket to bucket, which are two lines.
 */
import { purses } from '../../server/src/composition/purses.ts'
import { type Database, openDatabase } from '../../server/src/db/index.ts'
import {
  createBusinessTime,
  createIds,
  refuse,
  systemClock,
} from '../../server/src/kernel/index.ts'
import { checkLedger } from '../../server/src/ledger/index.ts'
import { createCatalogue } from '../../server/src/merchants/index.ts'
import { createPayments } from '../../server/src/payments/index.ts'
import { createPolicy } from '../../server/src/risk/index.ts'
import { createTransfers, transferInvariants } from '../../server/src/transfers/index.ts'
import { createTestCarrier } from '../../test/carrier.ts'
import { type PostgresServer, startPostgres } from '../../test/postgres.ts'
import { cpuSecondsOf, ownCpuSeconds } from './cpu.ts'
import type { BenchOptions } from './main.ts'
import { createNumbers, numberAt } from './numbers.ts'
import type { Figure } from './report.ts'
import { type Contestant, inTurns } from './rounds.ts'
import { merchantId, seed } from './seed.ts'
import { transferNames } from './targets.ts'
import { seedWallets } from './wallet-seed.ts'

const customers = 256
const firstOnes = 300
const wallets = { quick: 2_000, full: 20_000 }
const plan = {
  quick: { warmMs: 500, roundMs: 1_000, rounds: 3 },
  full: { warmMs: 2_000, roundMs: 4_000, rounds: 5 },
}

export async function measureTransfers({ isQuick }: BenchOptions): Promise<readonly Figure[]> {
  const server = await startPostgres({ fsync: true })
  const db = await openDatabase({ url: server.url, poolMax: 8, statementTimeoutMs: 600_000 })
  try {
    await seed(db)
    const contestants = await contestantsOf(server, db, isQuick ? wallets.quick : wallets.full)
    const figures = await inTurns(contestants, isQuick ? plan.quick : plan.full)
    await mustBeSound(db)
    return figures
  } finally {
    await db.close()
    await server.stop()
  }
}

async function contestantsOf(
  server: PostgresServer,
  db: Database,
  walletCount: number,
): Promise<Contestant[]> {
  const [clock, ids, time] = [systemClock, createIds(), createBusinessTime()]
  const catalogue = await createCatalogue(db, clock)
  const live = await createPolicy(db, clock)
  // A number of the load sends more often than a person would.
  const policy = () => ({ ...live.current(), transferDayCount: 1_000_000 })
  const log = { info: () => {}, warn: () => {}, error: console.error }
  const common = { db, clock, log, refresh: async () => {}, knowNumber: async () => {} }
  const payments = createPayments({
    ...{ ...common, ids, fundingFor: () => createTestCarrier() },
    context: { time, catalogue, policy, isTestNumber: () => false, isTold: () => true, purses },
  })
  const transfers = createTransfers({
    ...common,
    context: { ids, time, policy },
    names: { of: async () => undefined, isMissing: async () => false },
    payments: { paidBy: async () => null },
    codes: { take: async () => refuse('payment_code_refused') },
  })
  const msisdns = Array.from({ length: walletCount }, (_, n) => `+86${numberAt(n)}`)
  const [now, amount] = [clock.now(), 10_000_00n]
  await seedWallets(db, { msisdns, ids, now, amount, businessDate: time.dateOf(now) })
  const nextNumber = createNumbers(walletCount)
  let keys = 0

  const pay = () =>
    payments.order({
      ...{ msisdn: `+86${nextNumber()}`, merchantId, what: { amount: 1_00n } },
      ...{ channel: 'api', consent: 'token', flow: 'charge' },
    })
  function payFromWallet() {
    keys += 1
    return payments.order({
      ...{ msisdn: msisdns[(keys * 7_919) % walletCount] ?? '', merchantId, what: { amount: 10n } },
      ...{ channel: 'api', consent: 'device', flow: 'charge', source: 'wallet' },
    })
  }
  function send() {
    keys += 1
    // Every pair is as likely; nobody sends to oneself.
    const from = (keys * 7_919) % walletCount
    const to = (from + 1 + ((keys * 104_729) % (walletCount - 1))) % walletCount
    const [msisdn = '', payee = ''] = [msisdns[from], msisdns[to]]
    const order = { msisdn, to: payee, amount: 1n, channel: 'api', arrival: 'now' } as const
    return transfers.send({ ...order, key: `bench:${keys}` })
  }
  const contestant = (name: string, ask: () => Promise<{ readonly ok: boolean }>): Contestant => ({
    ...{ name, load: `${customers} customers, ${server.version}` },
    cpu: () => ({ client: ownCpuSeconds(), postgres: cpuSecondsOf(server.pid) }),
    run: closedLoop(ask),
  })
  // Tables that the planner takes for empty are read in ways that no table of a running system is.
  for (let n = 0; n < firstOnes; n += 1) await Promise.all([pay(), payFromWallet(), send()])
  await db.transact((tx) => tx.query('analyze'))
  return [
    contestant(transferNames.payments, pay),
    contestant(transferNames.wallet, payFromWallet),
    contestant(transferNames.transfers, send),
  ]
}

/** As many customers as there are, each of whom begins anew as soon as served. */
const closedLoop =
  (ask: () => Promise<{ readonly ok: boolean }>): Contestant['run'] =>
  async (until, note) => {
    async function customer(): Promise<void> {
      while (performance.now() < until) {
        const begun = performance.now()
        const answer = await ask()
        if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer, bigints)}`)
        note(performance.now() - begun, 1)
      }
    }
    await Promise.all(Array.from({ length: customers }, customer))
  }

const bigints = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)

async function mustBeSound(db: Database): Promise<void> {
  const findings = await checkLedger(db)
  for (const invariant of transferInvariants)
    findings.push({ invariant, ...(await invariant.check(db)) })
  const broken = findings.filter(({ offences }) => offences > 0n)
  if (broken.length > 0)
    throw new Error(
      `not sound: ${broken.map(({ invariant, examples }) => `${invariant.name} ${examples[0]}`)}`,
    )
}
