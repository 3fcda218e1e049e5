/** Points for tests: payments, wallets and points on one database, with a clock by hand. */
import type { Database } from '../../server/src/db/index.ts'
import {
  bucketOf,
  createFieldCipher,
  createIds,
  type manualClock,
  Secret,
} from '../../server/src/kernel/index.ts'
import { accountBalances, pointsBalance, trialBalance } from '../../server/src/ledger/index.ts'
import type { Order, Source } from '../../server/src/payments/index.ts'
import {
  armExpiry,
  createPoints,
  type PointsOutgoing,
  setProgramme,
  walletsEnded,
} from '../../server/src/points/index.ts'
import type { Engine } from '../database.ts'
import { createStage as createWalletStage, type People } from '../wallet/stage.ts'
import { createWorld } from '../world.ts'
import { offerReward } from './given.ts'

export interface StageOptions {
  readonly engine?: Engine
  /** Another process on the same database. */
  readonly db?: Database
  readonly clock?: ReturnType<typeof manualClock>
  readonly people?: People
}

const silent = {
  info: () => {},
  warn: () => {},
  error: (...all: unknown[]) => console.error(...all),
}

export async function createStage(options: StageOptions = {}) {
  let earns: (source: Source) => boolean = () => false
  const world = await createWorld({ ...options, earns: (source) => earns(source) })
  const { db, clock, time } = world
  const ids = createIds()
  const cipher = createFieldCipher(new Secret('a field key for tests, 32 characters or more'), ids)
  const tools = { time, ids, cipher }
  const points = await createPoints({ ...tools, db, clock, log: silent })
  earns = points.programme.earns
  const wallets = await createWalletStage({
    ...{ db, clock },
    ...(options.people && { people: options.people }),
    followers: {
      tied: async () => new Set<string>(),
      opened: async () => {},
      ended: (tx, accounts) => walletsEnded(tx, accounts, clock.now()),
    },
  })
  const settle = async () => {
    for (let round = 0; round < 100; round += 1)
      if ((await points.work()) + (await world.payments.work()) === 0) return
    throw new Error('there is always something due')
  }
  return {
    ...{ db, clock, world, wallets, points, tools, settle },
    customer: wallets.customer,
    /** In force at once: the clock goes on until it is. */
    async promise(wanted: { isOn?: boolean; perYuan?: bigint; sources?: readonly Source[] } = {}) {
      const { isOn = true, perYuan = 1n, sources = ['wallet'] } = wanted
      const set = { isOn, perYuan, sources, author: 'Chen Li' }
      const done = await db.transact((tx) => setProgramme(tx, set, clock.now()))
      if (!done.ok) throw new Error(done.refusal)
      clock.advance(3_000)
      await points.programme.refresh()
    },
    async pay(msisdn: string, amount: bigint, more: Partial<Order> = {}) {
      const placed = await world.payments.order({
        ...{ msisdn, merchantId: '6021', what: { amount, goods: { zh: '茶', en: 'Tea' } } },
        ...{ channel: 'api', consent: 'device', flow: 'charge', source: 'wallet' },
        isPinChecked: true,
        ...more,
      })
      if (!placed.ok) throw new Error(placed.refusal)
      return placed.value.payment
    },
    refund: (msisdn: string, paymentId: string, amount?: bigint) =>
      world.payments.refund({
        ...{ msisdn, paymentId, reason: 'merchant' },
        ...(amount !== undefined && { amount }),
      }),
    reward: (price: bigint, more: bigint | readonly string[]) =>
      offerReward({ db, clock, pointsTools: tools }, price, more),
    balance: async (walletId: string) => (await points.balance(walletId)).points,
    /** What the ledger says. */
    async inLedger(walletId: string): Promise<bigint> {
      const { name } = pointsBalance(0, walletId)
      const rows = await accountBalances(db, { names: [name] })
      return rows.reduce((sum, row) => sum + row.creditsPosted - row.debitsPosted, 0n)
    },
    money: async () => (await trialBalance(db)).filter(({ unit }) => unit === 'CNY'),
    /** Texts about points on their way to a number, oldest first. */
    async told(to: string) {
      const rows = await db.query<{ payload: PointsOutgoing }>(
        `select payload from job where topic = 'sms.send' and bucket = $1 and payload->>'to' = $2
          and payload->'notice'->>'id' like 'points_%' order by subject`,
        [bucketOf(to), to],
      )
      return rows.map(({ payload }) => payload.notice)
    },
    expire: () => armExpiry({ db, clock }),
    async close() {
      await points.stop()
      await wallets.close()
      await world.close()
    },
  }
}

export type Stage = Awaited<ReturnType<typeof createStage>>
