/** Top-up vouchers for tests: wallets on one database, a clock by hand, and batches that are ready to use. */
import {
  createBusinessTime,
  createFieldCipher,
  createIds,
  type Msisdn,
  Secret,
} from '../../server/src/kernel/index.ts'
import { accountBalances } from '../../server/src/ledger/index.ts'
import { defaultPolicy } from '../../server/src/risk/index.ts'
import {
  activateVouchers,
  createTopUpVouchers,
  makeBatch,
  requestBatch,
} from '../../server/src/top-up-vouchers/index.ts'
import { createStage as createWalletStage, type StageOptions } from '../wallet/stage.ts'

const hourMs = 3_600_000

export async function createStage(options: StageOptions = {}) {
  const wallets = await createWalletStage(options)
  const { db, clock } = wallets
  const ids = createIds()
  const cipher = createFieldCipher(new Secret('a field key for tests, 32 characters or more'), ids)
  const tools = { ids, cipher, time: createBusinessTime() }
  const policy = () => ({ ...defaultPolicy, ...options.policy })
  const vouchers = createTopUpVouchers({ ...tools, db, clock, policy })
  const now = clock.now
  const wanted = (more: object = {}) => ({
    ...{ id: ids.next(0, now()), name: 'Spring', seller: 'hall-1', amount: 50_00n, count: 10n },
    ...{ validUntil: now() + 48 * hourMs, askedBy: 'lin', agreedBy: 'zhao', ...more },
  })
  return {
    ...{ db, clock, wallets, tools, vouchers, wanted, cipher },
    customer: wallets.customer,
    /** Made, with its cards; sold where it says so. */
    async batch(
      more: { count?: bigint; amount?: bigint; validUntil?: number; sold?: bigint } = {},
    ) {
      const { sold, ...terms } = more
      const given = wanted(terms)
      const { id, count } = given
      const made = await db.transact(async (tx) => {
        await requestBatch(tx, given, now())
        return makeBatch(tx, tools, id, now())
      })
      if (!made.ok) throw new Error(made.refusal)
      const last = sold ?? count
      if (last > 0n) await this.activate(id, 1n, last)
      return { id, codes: made.value.cards.map(({ code }) => code), cards: made.value.cards }
    },
    async activate(id: string, first: bigint, last: bigint) {
      const done = await db.transact((tx) =>
        activateVouchers(tx, tools, { id, first, last }, now()),
      )
      if (!done.ok) throw new Error(done.refusal)
      return done.value.changed
    },
    use: (msisdn: Msisdn, code: Secret | string | undefined, key: string) =>
      vouchers.use({ msisdn, key, code: code instanceof Secret ? code : new Secret(code ?? '') }),
    balance: async (msisdn: Msisdn) => (await wallets.wallet.balance(msisdn))?.available,
    async held(prefix: 'top-up-voucher-float' | 'top-up-voucher-receivable', owner: string) {
      const rows = await accountBalances(db, { names: [`${prefix}:${owner}`] })
      return rows.reduce((all, row) => all + row.creditsPosted - row.debitsPosted, 0n)
    },
    close: () => wallets.close(),
  }
}

export type Stage = Awaited<ReturnType<typeof createStage>>
