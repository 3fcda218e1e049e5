/** People with wallets for tests of transfers: names in memory, a clock by hand, chance by choice. */

import { tied } from '../../server/src/composition/purses.ts'
import type { Database, Log } from '../../server/src/db/index.ts'
import {
  type Amount,
  bucketOf,
  bucketOfId,
  createBusinessTime,
  createFieldCipher,
  createIds,
  manualClock,
  Secret,
} from '../../server/src/kernel/index.ts'
import { createPaymentCodes } from '../../server/src/payment-codes/index.ts'
import type { Watch } from '../../server/src/payments/index.ts'
import { defaultPolicy, type Policy } from '../../server/src/risk/index.ts'
import {
  createTransfers,
  type TransferOutgoing,
  type TransfersOptions,
} from '../../server/src/transfers/index.ts'
import { frozenOutOf } from '../../server/src/wallet/index.ts'
import { type Engine, testDatabase } from '../database.ts'
import { introduceLine } from '../lane.ts'
import { createPeople, createStage as createWalletStage, type People } from '../wallet/stage.ts'
import { tenOClock } from '../world.ts'

const silent: Log = { info: () => {}, warn: () => {}, error: (...all) => console.error(...all) }

export interface StageOptions {
  readonly engine?: Engine
  readonly db?: Database
  readonly clock?: ReturnType<typeof manualClock>
  readonly policy?: Partial<Policy>
  readonly log?: Log
  /** Who waits for ends. */
  readonly watch?: Watch
  /** Another process: who owns what is the same for both. */
  readonly people?: People
}

/** Everybody is 张三: the mask shows 三, and 张 is what is asked for. */
const surname = '张'

export async function createStage(options: StageOptions = {}) {
  const clock = options.clock ?? manualClock(tenOClock)
  const opened = options.db ? undefined : await testDatabase({ ...options })
  const db = options.db ?? opened?.db
  if (!db) throw new Error('no database')
  const people = options.people ?? createPeople()
  const log = options.log ?? silent
  const policy: Policy = { ...defaultPolicy, ...options.policy }
  const paid = new Map<string, Amount>()
  /** By payment. */
  const refunded = new Map<string, Amount>()
  const ids = createIds()
  const codes = createPaymentCodes({
    ...{ db, clock, ids, frozenOf: frozenOutOf },
    cipher: createFieldCipher(new Secret('a field key for tests, 32 characters or more'), ids),
    signIns: { lasting: async (_, sessions) => new Set(sessions.map(({ id }) => id)) },
  })
  const parts: TransfersOptions = {
    ...{ db, clock, log, codes },
    context: {
      ...{ ids, time: createBusinessTime(), policy: () => policy },
      ...(options.watch && { watch: options.watch }),
    },
    names: {
      async of(_, msisdn) {
        const owner = people.owners.get(msisdn)
        return owner && { ...owner, maskedName: '*三' }
      },
      isMissing: async (_, __, character) => character.reveal() === surname,
    },
    payments: {
      async paidBy(msisdn, id) {
        const amount = paid.get(`${msisdn}|${id}`)
        return amount === undefined ? null : { amount, kept: amount - (refunded.get(id) ?? 0n) }
      },
    },
    knowNumber: async (msisdn) => {
      if (msisdn.startsWith('+86130')) await introduceLine(db, msisdn, clock.now())
    },
    refresh: async () => {},
  }
  const transfers = createTransfers(parts)
  const wallets = await createWalletStage({
    ...{ db, clock, people, log, policy },
    followers: { tied, opened: transfers.opened, ended: () => {} },
  })
  const settle = async () => {
    for (let round = 0; round < 100; round += 1) if ((await transfers.work()) === 0) return
    throw new Error('there is always something due')
  }
  return {
    ...{ db, clock, ids, codes, people, transfers, wallets, policy, paid, refunded, settle },
    options: parts,
    wallet: wallets.wallet,
    key: wallets.key,
    async customer(msisdn: string, amount = 0n) {
      const one = await wallets.customer(msisdn)
      const order = { msisdn, till: 't1', channel: 'counter' } as const
      for (let left = amount; left > 0n; left -= policy.walletSingleLimit) {
        const part = left < policy.walletSingleLimit ? left : policy.walletSingleLimit
        await wallets.wallet.cashIn({ ...order, amount: part, key: wallets.key() })
      }
      return one
    },
    /** Somebody who has a line and a name, and no wallet. */
    async stranger(msisdn: string) {
      await introduceLine(db, msisdn, clock.now())
      people.own(msisdn)
      return msisdn
    },
    /** Closes the wallet: what is in it is paid out. */
    async leave({ msisdn, walletId }: { readonly msisdn: string; readonly walletId: string }) {
      const closed = await wallets.wallet.close({
        ...{ msisdn, walletId, payTo: { till: 't1' }, channel: 'counter', key: wallets.key() },
      })
      if (!closed.ok || closed.value.state !== 'closed') throw new Error('the wallet is not closed')
    },
    available: wallets.available,
    /** The lines of one thing, `D debit / C credit amount`, wallets by the names given. */
    async journal(id: string, names: Readonly<Record<string, string>>) {
      const rows = await db.query<{ debit: string; credit: string; amount: bigint }>(
        `select debit_account as debit, credit_account as credit, amount from transfer
          where subject = $1 order by created_at, id, bucket <> $2`,
        [id, bucketOfId(id) ?? -1],
      )
      const name = (account: string) =>
        Object.entries(names).reduce((text, [as, of]) => text.replace(of, as), account)
      return rows.map(
        ({ debit, credit, amount }) => `D ${name(debit)} / C ${name(credit)} ${amount}`,
      )
    },
    /** Texts on their way to a number, oldest first. */
    async told(to: string) {
      const rows = await db.query<{ payload: TransferOutgoing }>(
        `select payload from job where topic = 'sms.send' and bucket = $1 and payload->>'to' = $2
          and payload->'notice'->>'id' like 'transfer_%' order by subject`,
        [bucketOf(to), to],
      )
      return rows.map(({ payload }) => payload.notice)
    },
    async close() {
      await transfers.stop()
      await wallets.close()
      await opened?.close()
    },
  }
}

export type Stage = Awaited<ReturnType<typeof createStage>>
export type Customer = Awaited<ReturnType<Stage['customer']>>
