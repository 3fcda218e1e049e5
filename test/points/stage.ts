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
  addReward,
  armExpiry,
  createPoints,
  type PointsOutgoing,
  type Reward,
  setProgramme,
  stockReward,
  walletsEnded,
} from '../../server/src/points/index.ts'
import type { Engine } from '../database.ts'
import { createStage as createWalletStage, type People } from '../wallet/stage.ts'
import { createWorld } from '../world.ts'

export interface StageOptions {
  readonly engine?: Engine
  /** Another process on the same database. */
  readonly db?: Database
  readonly clock?: ReturnType<typeof manualClock>
  readonly people?: People
}

const dayMs = 86_400_000
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
    /** A reward with so many pieces, or these codes. */
    async reward(price: bigint, more: bigint | readonly string[]): Promise<Reward> {
      const kind: Reward['kind'] = typeof more === 'bigint' ? 'stock' : 'voucher'
      const terms = {
        ...{ name: { zh: '代金券', en: 'Voucher' }, price, kind },
        ...{ offeredFrom: clock.now(), offeredUntil: clock.now() + 1_000 * dayMs },
      }
      const stocked = await db.transact(async (tx) => {
        const made = await addReward(tx, tools, terms, clock.now())
        if (!made.ok) return made
        const given = typeof more === 'bigint' ? more : more.map((code) => new Secret(code))
        return stockReward(tx, tools, { id: made.value.id, more: given })
      })
      if (!stocked.ok) throw new Error(stocked.refusal)
      return stocked.value
    },
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
