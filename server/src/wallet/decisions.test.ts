/**
 * Whatever is asked and whatever banks say, in whatever order: a batch is worth its commands one by one, every
 * posting is one that the ledger takes, and what has ended stays ended. Without a database: the book and the
 * ledger's own decisions are all there is. `TELEPURSE_RUNS` asks for more runs than every commit needs.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bucketOf, createBusinessTime, createIds } from '../kernel/index.ts'
import { ByBucket } from '../ledger/by-bucket.ts'
import { decide as decideLedger } from '../ledger/decide.ts'
import { type Account as LedgerAccount, spendable, type TransferCommand } from '../ledger/index.ts'
import type { SettlingKind, TransferContent } from '../ledger/transfer.ts'
import { counterName, defaultPolicy } from '../risk/index.ts'
import type { Subscriber } from '../subscribers/index.ts'
import { openBook } from './book.ts'
import type { Command, CommandResult } from './command.ts'
import { decide } from './decide/index.ts'
import { isUnfinished } from './movement.ts'
import type { BoundCard } from './ports.ts'
import type { KeptAccount, KeptMovement } from './rows.ts'

const runs = Number(process.env.TELEPURSE_RUNS ?? 60)
const msisdn = '+8613900010001'
const bucket = bucketOf(msisdn)
const now = Date.UTC(2026, 8, 12, 2)
const ids = createIds()
const [walletId = '', identityId = '', cardId = '', creditId = ''] = [1, 2, 3, 4].map(() =>
  ids.next(bucket, now),
)
/** Of the credit card's bill. */
const owed = 500n
const line = { msisdn, bucket, status: 'active', language: 'zh' } as Subscriber

/** Everything that would be on disk. */
function createStore() {
  const accounts = new Map<string, KeptAccount>()
  const used = new Map<string, bigint>()
  const movements = new Map<string, KeptMovement>()
  const ledger = {
    accounts: new ByBucket<LedgerAccount>(),
    transfers: new ByBucket<TransferContent>(),
    settled: new ByBucket<SettlingKind>(),
  }
  accounts.set(walletId, {
    ...{
      id: walletId,
      bucket,
      version: 1,
      msisdn,
      identityId,
      class: 'III',
      state: 'open',
      frozen: 'none',
    },
    ...{ openedAt: now, closedAt: null, releasedAt: null },
  })
  const balance = () => spendable(ledger.accounts.get(bucket, `user-balance:${walletId}`))

  function post(commands: readonly TransferCommand[]) {
    for (const command of commands)
      for (const { name, flags } of 'debit' in command ? [command.debit, command.credit] : [])
        if (!ledger.accounts.get(bucket, name))
          ledger.accounts.set(bucket, name, {
            ...{ bucket, name, flags, version: 0n, changedAt: 0 },
            ...{ debitsPending: 0n, debitsPosted: 0n, creditsPending: 0n, creditsPosted: 0n },
          })
    const decided = decideLedger(ledger, commands, now)
    for (const result of decided.results) expect(result).toEqual({ ok: true, value: 'created' })
    for (const account of decided.accounts) ledger.accounts.set(bucket, account.name, account)
    for (const transfer of decided.transfers) {
      ledger.transfers.set(bucket, transfer.id, transfer)
      if (transfer.pendingId)
        ledger.settled.set(bucket, transfer.pendingId, transfer.kind as SettlingKind)
    }
  }

  const withdrawn = () => sum(movements.values(), (one) => (isWithdrawn(one) ? one.amount : 0n))
  const repaid = () => sum(movements.values(), (one) => (isRepaying(one) ? one.amount : 0n))

  return {
    movements,
    balance,
    repaid,
    /** Of the day, of the year: a wallet of class III has no other. */
    used: () => [...used.values()],
    account: () => accounts.get(walletId) as KeptAccount,
    ledgerSum: (name: string) => spendable(ledger.accounts.get(bucket, name)),
    run(commands: readonly Command[]): CommandResult[] {
      const book = openBook({
        ...{ now, policy, time: createBusinessTime(), firstOpenDate: '2026-09-12' },
        withdrawn: new Map([[walletId, withdrawn()]]),
        subscribers: new Map([[msisdn, line]]),
        owners: new Map([[msisdn, { msisdn, identityId, level: 'verified', coolOffUntil: null }]]),
        cards: new Map([card, credit].map((one) => [one.id, one])),
        dues: new Map([[creditId, { billedOn: '2026-09-05', left: owed - repaid() }]]),
        accounts: [...accounts.values()],
        movements: [...movements.values()],
        used,
        tied: new Set(),
        balances: new Map([[walletId, balance()]]),
        newId: (home) => ids.next(home, now),
      })
      const results = commands.map((command) => decide(book, command))
      post(book.effects.transfers)
      expect(book.balanceOf(walletId)).toBe(balance())
      for (const { key, used: after } of book.counters()) used.set(counterName(key), after)
      const writes = book.writes()
      for (const account of writes.accounts.changed) accounts.set(account.id, account)
      for (const movement of [...writes.movements.made, ...writes.movements.changed])
        movements.set(movement.id, movement)
      return results
    },
  }
}

const card: BoundCard = {
  ...{ id: cardId, msisdn, identityId, bank: 'ABC', kind: 'debit', token: cardId, last4: '1234' },
  ...{ state: 'active', debitMax: null },
}

const credit: BoundCard = { ...card, id: creditId, kind: 'credit', last4: '6215' }
/** So much is free, ever: a few of these. */
const policy = { ...defaultPolicy, withdrawalFreeEver: 500n }
const isWithdrawn = ({ kind, speed, state }: KeptMovement) =>
  kind === 'withdrawal' && speed === 'same_day' && state !== 'returned'
/** Holds its part of the bill. */
const isRepaying = ({ kind, state }: KeptMovement) =>
  kind === 'repayment' && state !== 'refused' && state !== 'returned'

const amount = fc.bigInt(0n, 400n)
const key = fc.nat(30).map((n) => `k${n}`)
const outcome = fc.constantFrom('done', 'refused', 'reversed', 'unknown', 'unsent')
const happening = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('top_up'), amount, key }) },
  {
    weight: 3,
    arbitrary: fc.record({
      ...{ kind: fc.constant('withdrawal'), amount, key },
      speed: fc.constantFrom('same_day', 'next_day'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('cash_in', 'cash_out'), amount, key }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      ...{ kind: fc.constant('repayment'), amount, key },
      fromCardId: fc.constantFrom(undefined, cardId),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ ...{ amount, key }, payee: fc.constantFrom('*晚', '*午') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...{ kind: fc.constant('close'), key },
      payTo: fc.constantFrom(undefined, { cardId }, { till: 't' }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      ...{ kind: fc.constant('answer'), which: fc.nat(9), outcome },
      // Of a repayment its top-up.
      half: fc.boolean(),
    }),
  },
)
type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never

const channel = 'api'
/** Movements of the plan by their turn, so that both ways of running it mean the same ones. */
function commandOf(one: Happening, turn: number): Command | undefined {
  const movementId = idOf(turn)
  if ('which' in one) {
    const said =
      one.outcome === 'refused'
        ? ({ kind: 'refused', reason: 'low_funds', code: 'BR-51' } as const)
        : ({ kind: one.outcome, detail: '' } as const)
    const about = idOf(Math.max(0, turn - 1 - one.which), one.half ? 1 : 0)
    const common = { kind: 'bank_answered', msisdn, walletId, movementId: about } as const
    return { ...common, outcome: said as never, attempt: 1 }
  }
  if (!('key' in one)) return undefined
  const common = { msisdn, channel, key: one.key, movementId } as const
  if ('payTo' in one) {
    const order = { ...common, walletId, ...(one.payTo && { payTo: one.payTo }) }
    return { kind: 'close', msisdn, order }
  }
  const moved = { ...common, amount: one.amount }
  if ('fromCardId' in one) {
    const { fromCardId } = one
    const order = { ...moved, cardId: creditId, topUpId: idOf(turn, 1), sealedPin: null }
    return { kind: 'repayment', msisdn, order: { ...order, ...(fromCardId && { fromCardId }) } }
  }
  if ('payee' in one) {
    const card = { bank: 'ABC', token: cardId, last4: '6215' }
    const order = { ...moved, card, payee: one.payee, sealedPayee: 'k1.sealed' }
    return { kind: 'card_transfer', msisdn, order }
  }
  if ('speed' in one)
    return { kind: 'withdrawal', msisdn, order: { ...moved, cardId, speed: one.speed } }
  if (one.kind === 'top_up')
    return { kind: 'top_up', msisdn, order: { ...moved, cardId, sealedPin: null } }
  return { kind: one.kind as 'cash_in', msisdn, order: { ...moved, till: 't' } }
}
const idOf = (turn: number, half = 0) =>
  `01990000-0000-7000-800${half}-0000000${turn.toString(16).padStart(3, '0')}${bucket.toString(16).padStart(2, '0')}`

const sum = (movements: Iterable<KeptMovement>, of: (one: KeptMovement) => bigint) =>
  [...movements].reduce((total, one) => total + of(one), 0n)

/** What the movements alone say the balance is. */
const worth = (one: KeptMovement): bigint => {
  if (one.kind === 'top_up') return one.state === 'done' ? one.amount : 0n
  if (one.kind === 'withdrawal' || one.kind === 'card_transfer')
    return one.state === 'returned' ? 0n : -one.amount - one.fee
  if (one.kind === 'repayment')
    return isRepaying(one) && one.state !== 'funding' ? -one.amount - one.fee : 0n
  return one.kind === 'cash_in' ? one.amount : -one.amount
}

test('a batch is worth its commands one by one, and the balance is what the movements say', () => {
  let moved = 0
  let repayments = 0
  fc.assert(
    fc.property(fc.array(fc.array(happening, { maxLength: 6 }), { maxLength: 8 }), (batches) => {
      const together = createStore()
      const apart = createStore()
      let turn = 0
      for (const batch of batches) {
        const commands = batch.flatMap((one) => {
          turn += 1
          return commandOf(one, turn) ?? []
        })
        const ended = [...together.movements.values()].filter((one) => !isUnfinished(one))
        const results = together.run(commands)
        expect(results).toEqual(commands.flatMap((command) => apart.run([command])))
        for (const { id, state } of ended) expect(together.movements.get(id)?.state).toBe(state)
      }
      const { movements } = together
      expect([...movements]).toEqual([...apart.movements])
      expect(together.account()).toEqual(apart.account())
      expect(together.balance()).toBe(sum(movements.values(), worth))
      expect(together.balance()).toBeGreaterThanOrEqual(0n)
      const open = [...movements.values()].filter(isUnfinished)
      const inTransit = open.filter(({ kind, state }) => kind !== 'top_up' && state !== 'funding')
      expect(together.ledgerSum('withdrawals-in-transit:ABC')).toBe(
        sum(inTransit, (one) => one.amount),
      )
      const given = [...movements.values()].filter(
        ({ kind, state }) => kind === 'card_transfer' && state !== 'returned',
      )
      for (const counted of together.used()) expect(counted).toBe(sum(given, (one) => one.amount))
      // Whatever the banks say, no more is repaid than is owed, and nothing waits for what has ended.
      expect(together.repaid()).toBeLessThanOrEqual(owed)
      for (const { kind, state, linkedId } of movements.values())
        if (kind === 'repayment' && linkedId !== null)
          expect(state === 'funding').toBe(open.some(({ id }) => id === linkedId))
      repayments += [...movements.values()].filter(isRepaying).length
      if (together.account().state === 'closed')
        expect([together.balance(), open]).toEqual([0n, []])
      moved += movements.size
    }),
    { numRuns: runs },
  )
  expect(moved).toBeGreaterThan(runs)
  expect(repayments).toBeGreaterThan(0)
})

const finals = ['done', 'refused', 'reversed'] as const
test.each(finals.flatMap((before) => finals.map((after) => ({ before, after }))))(
  'a top-up that is $before, and then the bank says $after: the first word stands',
  ({ before, after }) => {
    const store = createStore()
    const order = { msisdn, channel, key: 'k', movementId: idOf(1), amount: 5n } as const
    const say = (kind: (typeof finals)[number]) => {
      const outcome = { kind, reason: 'low_funds', code: 'BR-51' } as never
      const about = { kind: 'bank_answered', msisdn, walletId, movementId: idOf(1) } as const
      return store.run([{ ...about, outcome, attempt: 1 }])[0]
    }
    store.run([{ kind: 'top_up', msisdn, order: { ...order, cardId, sealedPin: null } }])
    say(before)
    const balance = store.balance()
    const version = store.movements.get(idOf(1))?.version ?? 0
    const isOpposite = (before === 'done') !== (after === 'done')
    // Money that came through too late is taken back at the bank; the other way round somebody must look.
    expect(say(after)).toMatchObject({
      result: { movement: { state: before }, isContradiction: isOpposite && after !== 'done' },
    })
    expect(store.balance()).toBe(balance)
    expect(store.movements.get(idOf(1))?.version).toBe(isOpposite ? version + 1 : version)
  },
)

test.each(['top_up', 'withdrawal'] as const)(
  'a %s that nobody knows the end of stays so when another message of it could not leave',
  (kind) => {
    const store = createStore()
    const order = { msisdn, channel, key: 'k', amount: 5n } as const
    const cash = { ...order, key: 'c', amount: 100n, movementId: idOf(1), till: 't' }
    store.run([{ kind: 'cash_in', msisdn, order: cash }])
    const moved = { ...order, movementId: idOf(2), cardId, sealedPin: null, speed: 'same_day' }
    store.run([{ kind, msisdn, order: moved } as Command])
    const about = { kind: 'bank_answered', msisdn, walletId, movementId: idOf(2) } as const
    const say = (said: 'unknown' | 'unsent') =>
      store.run([{ ...about, outcome: { kind: said, detail: '' }, attempt: 1 }])[0]
    say('unknown')
    const balance = store.balance()
    expect(say('unsent')).toMatchObject({ result: { movement: { state: 'unknown' } } })
    expect(store.balance()).toBe(balance)
  },
)
