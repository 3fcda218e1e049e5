/** Wallets for tests: a number, its owner and cards in memory, a clock by hand, a scriptable bank. */
import { saveBill } from '../../server/src/bank-cards/bill-store.ts'
import { type CardBill, minimumOf } from '../../server/src/bank-cards/index.ts'
import type { Database, Log } from '../../server/src/db/index.ts'
import {
  bucketOf,
  createBusinessTime,
  createIds,
  manualClock,
  SecretBytes,
} from '../../server/src/kernel/index.ts'
import { transfersOf } from '../../server/src/ledger/index.ts'
import { defaultPolicy, type Policy } from '../../server/src/risk/index.ts'
import {
  type BoundCard,
  createWallet,
  type Followers,
  type Owner,
  type WalletOutgoing,
} from '../../server/src/wallet/index.ts'
import type { WalletOperations } from '../../server/src/wallet/ports.ts'
import { type Engine, testDatabase } from '../database.ts'
import { introduceLine } from '../lane.ts'
import { tenOClock } from '../world.ts'
import { createTestOperations } from './card-operations.ts'

const silent: Log = { info: () => {}, warn: () => {}, error: (...all) => console.error(...all) }

/** Seals nothing, and says so: what the wallet keeps of a PIN is between these two marks. */
const keys = {
  seal: (_name: string, clear: SecretBytes, context: string) =>
    `k1.${Buffer.from(`${context}|${Buffer.from(clear.reveal()).toString('hex')}`).toString('base64url')}`,
  open(_name: string, sealed: string, context: string) {
    const [bound, hex = ''] = Buffer.from(sealed.slice(3), 'base64url').toString().split('|')
    if (bound !== context) throw new Error('sealed for something else')
    return new SecretBytes(Buffer.from(hex, 'hex'))
  },
}

export interface StageOptions {
  readonly engine?: Engine
  readonly db?: Database
  readonly clock?: ReturnType<typeof manualClock>
  readonly policy?: Partial<Policy>
  readonly operations?: WalletOperations
  readonly log?: Log
  /** Another process: who owns what is the same for both. */
  readonly people?: People
  readonly followers?: Followers
}

const noFollowers: Followers = {
  tied: async () => new Set<string>(),
  opened: async () => {},
  ended: () => {},
}

export function createPeople() {
  const ids = createIds()
  const owners = new Map<string, Owner>()
  const cards = new Map<string, BoundCard>()
  return {
    owners,
    cards,
    own(msisdn: string, change: Partial<Owner> = {}) {
      const identityId = owners.get(msisdn)?.identityId ?? ids.next(bucketOf(msisdn), tenOClock)
      const owner = { msisdn, identityId, level: 'verified', coolOffUntil: null } as const
      owners.set(msisdn, { ...owner, ...owners.get(msisdn), ...change })
    },
    bind(msisdn: string, change: Partial<BoundCard> = {}): string {
      const id = ids.next(bucketOf(msisdn), tenOClock)
      const identityId = owners.get(msisdn)?.identityId ?? ''
      cards.set(id, {
        ...{ id, msisdn, identityId, bank: 'ABC', kind: 'debit', last4: '1234' },
        ...{ token: ids.next(0, tenOClock), state: 'active', debitMax: null },
        ...change,
      })
      return id
    },
  }
}
export type People = ReturnType<typeof createPeople>

export async function createStage(options: StageOptions = {}) {
  const clock = options.clock ?? manualClock(tenOClock)
  const opened = options.db ? undefined : await testDatabase({ ...options })
  const db = options.db ?? opened?.db
  if (!db) throw new Error('no database')
  const people = options.people ?? createPeople()
  const bank = createTestOperations()
  const context = {
    time: createBusinessTime(),
    policy: () => ({ ...defaultPolicy, ...options.policy }),
    cards: {
      read: async (_reader: unknown, wanted: readonly string[]) =>
        wanted.flatMap((id) => people.cards.get(id) ?? []),
    },
    followers: options.followers ?? noFollowers,
    owners: {
      read: async (_reader: unknown, wanted: readonly string[]) =>
        wanted.flatMap((msisdn) => people.owners.get(msisdn) ?? []),
    },
  }
  const wallet = createWallet({
    ...{ db, clock, ids: createIds(), context, keys, log: options.log ?? silent },
    operations: options.operations ?? bank,
    refresh: async () => {},
  })
  let keysMade = 0
  const key = () => {
    keysMade += 1
    return `test:${keysMade}`
  }
  const settle = async () => {
    for (let round = 0; round < 100; round += 1) if ((await wallet.work()) === 0) return
    throw new Error('there is always something due')
  }
  return {
    ...{ db, clock, wallet, bank, people, key, settle, context },
    /** A number with an owner and a wallet, and `amount` in it as counter cash. */
    async customer(msisdn: string, amount = 0n) {
      await introduceLine(db, msisdn, clock.now())
      people.own(msisdn)
      const account = await db.transact((tx) => wallet.open(tx, { msisdn, class: 'III' }))
      if (!account.ok) throw new Error(account.refusal)
      if (amount > 0n)
        await wallet.cashIn({ msisdn, amount, till: 't1', channel: 'counter', key: key() })
      return { msisdn, card: people.bind(msisdn), walletId: account.value.id }
    },
    /** What the bank says of a credit card. */
    owe: (bindingId: string, amount: bigint, more: Partial<CardBill> = {}) =>
      db.transact((tx) =>
        saveBill(
          tx,
          {
            ...{ bindingId, billedOn: '2026-09-05', dueOn: '2026-09-25', amount },
            ...{ minimum: minimumOf(amount), paid: 0n, source: 'bank', told: 0 },
            ...{ askedAt: clock.now() - 60_000, ...more },
          },
          clock.now(),
        ),
      ),
    available: async (msisdn: string) => (await wallet.balance(msisdn))?.available,
    /** What a movement wrote: `D debit / C credit amount`, a hold and its end by their kind. */
    async journal(movementId: string, walletId: string) {
      const rows = await db.query<{ id: string }>(
        'select id from transfer where bucket = $1 and subject = $2',
        [Number.parseInt(movementId.slice(-2), 16) % 64, movementId],
      )
      const bucket = Number.parseInt(movementId.slice(-2), 16) % 64
      const transfers = await transfersOf(
        db,
        bucket,
        rows.map(({ id }) => id),
      )
      const name = (account: string) => account.replace(walletId, 'A')
      return transfers.map(
        ({ kind, debitAccount, creditAccount, amount }) =>
          `${kind === 'transfer' ? '' : `${kind} `}D ${name(debitAccount)} / C ${name(creditAccount)} ${amount}`,
      )
    },
    /** Texts on their way to a number, oldest first. */
    async told(to: string) {
      const rows = await db.query<{ payload: WalletOutgoing }>(
        `select payload from job where topic = 'sms.send' and bucket = $1 and payload->>'to' = $2
          order by subject`,
        [bucketOf(to), to],
      )
      return rows.map(({ payload }) => payload.notice)
    },
    async close() {
      await wallet.stop()
      await opened?.close()
    },
  }
}

export type Stage = Awaited<ReturnType<typeof createStage>>
