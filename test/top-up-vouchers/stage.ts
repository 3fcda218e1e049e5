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
import { createTopUpVouchers } from '../../server/src/top-up-vouchers/index.ts'
import { createStage as createWalletStage, type StageOptions } from '../wallet/stage.ts'
import { giveBatch, sell, type Terms, wantedBatch } from './given.ts'

export async function createStage(options: StageOptions = {}) {
  const wallets = await createWalletStage(options)
  const { db, clock } = wallets
  const ids = createIds()
  const cipher = createFieldCipher(new Secret('a field key for tests, 32 characters or more'), ids)
  const tools = { ids, cipher, time: createBusinessTime() }
  const policy = () => ({ ...defaultPolicy, ...options.policy })
  const vouchers = createTopUpVouchers({ ...tools, db, clock, policy })
  const given = { db, clock, tools }
  return {
    ...{ db, clock, wallets, tools, vouchers },
    wanted: (more: object = {}) => wantedBatch(given, more),
    customer: wallets.customer,
    batch: (terms: Terms = {}) => giveBatch(given, terms),
    activate: (id: string, first: bigint, last: bigint) => sell(given, { id, first, last }),
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
