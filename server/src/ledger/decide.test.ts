import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  accountNameOf,
  chainsOf,
  createModel,
  modelBalances,
  plans,
  runModel,
} from '../../test/ledger-model.ts'
import { ByBucket } from './by-bucket.ts'
import { accountsNamedBy, decide, type Facts } from './decide.ts'
import type {
  Account,
  PlainTransfer,
  SettlingKind,
  TransferCommand,
  TransferContent,
  TransferResult,
} from './transfer.ts'

/** A ledger in memory: what `commands.ts` does, without a database. */
function createMemory() {
  const accounts = new ByBucket<Account>()
  const transfers = new ByBucket<TransferContent>()
  const settled = new ByBucket<SettlingKind>()
  const facts: Facts = { accounts, transfers, settled }
  const nothing = { debitsPending: 0n, debitsPosted: 0n, creditsPending: 0n, creditsPosted: 0n }
  return {
    accounts,
    balances: () => new Map(accounts.values().map((one) => [`${one.bucket}/${one.name}`, one])),
    execute(commands: readonly TransferCommand[], now = 0) {
      for (const account of accountsNamedBy(commands)) {
        const { bucket, name } = account
        if (!accounts.get(bucket, name))
          accounts.set(bucket, name, { ...account, ...nothing, version: 0n, changedAt: 0 })
      }
      const decision = decide(facts, commands, now)
      for (const one of decision.transfers) {
        transfers.set(one.bucket, one.id, one)
        const { kind, bucket, pendingId } = one
        if (pendingId && kind !== 'transfer' && kind !== 'pending')
          settled.set(bucket, pendingId, kind)
      }
      for (const one of decision.accounts) accounts.set(one.bucket, one.name, one)
      return decision
    },
  }
}

const world = { bucket: 1, number: 1 }
const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const common = { bucket: 1, subject: 's', reason: 'charge', businessDate: '2026-11-23' }
const account = (name: string, flags = 0) => ({ bucket: 1, name, flags })
const move = (n: number, debit: string, credit: string, amount: bigint): PlainTransfer => ({
  ...common,
  kind: 'transfer',
  id: uuid(n),
  debit: account(debit),
  credit: account(credit),
  amount,
})
const hold = (n: number, debit: string, credit: string, amount: bigint): TransferCommand => ({
  ...move(n, debit, credit, amount),
  kind: 'pending',
})
const settle = (
  n: number,
  kind: 'post' | 'void' | 'expire',
  pending: number,
  amount?: bigint,
): TransferCommand => ({
  ...common,
  ...(amount === undefined ? {} : { amount }),
  kind,
  id: uuid(n),
  pendingId: uuid(pending),
})
const linked = (command: TransferCommand): TransferCommand => ({ ...command, linked: true })
const words = (results: readonly TransferResult[]) =>
  results.map((result) => (result.ok ? result.value : result.refusal))

test('one batch, one by one, and the model give the same results and balances', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(plans(64), fc.infiniteStream(fc.boolean()), (plan, cuts) => {
      const commands = plan(world)
      const model = createModel()
      const expected = runModel(model, commands)
      const [batch, single, mixed] = [createMemory(), createMemory(), createMemory()]
      expect(batch.execute(commands).results).toEqual(expected)
      const chains = chainsOf(commands)
      expect(chains.flatMap((chain) => single.execute(chain).results)).toEqual(expected)
      const batches: TransferCommand[][] = [[]]
      for (const chain of chains) {
        if (cuts.next().value) batches.push([])
        batches.at(-1)?.push(...chain)
      }
      expect(batches.flatMap((some) => mixed.execute(some).results)).toEqual(expected)
      expect(single.balances()).toEqual(batch.balances())
      expect(mixed.balances()).toEqual(batch.balances())
      for (let n = 0; n < 5; n += 1) {
        const name = accountNameOf(world, n)
        const found = batch.accounts.get(1, name)
        expect(found === undefined).toBe(model.flags[name] === undefined)
        if (found) expect(found).toMatchObject(modelBalances(model, name))
      }
      for (const word of words(expected)) seen.add(word)
    }),
    { numRuns: 10_000 },
  )
  // The lists reach every answer there is, or the property says less than it seems to.
  expect([...seen].sort()).toEqual(
    [
      'account_has_different_flags',
      'accounts_must_be_different',
      'accounts_must_be_in_one_bucket',
      'amount_must_be_positive',
      'created',
      'exceeds_credits',
      'exceeds_debits',
      'exceeds_pending_amount',
      'exists',
      'exists_with_different_content',
      'linked_transfer_failed',
      'overflows_balance',
      'pending_transfer_already_posted',
      'pending_transfer_already_voided',
      'pending_transfer_expired',
      'pending_transfer_not_found',
    ].sort(),
  )
}, 120_000)

test('a pending transfer made and posted in one batch gives the rest back', () => {
  const memory = createMemory()
  const { results, transfers } = memory.execute(
    [hold(1, 'a', 'b', 10n), settle(2, 'post', 1, 7n)],
    5,
  )
  expect(words(results)).toEqual(['created', 'created'])
  expect(memory.accounts.get(1, 'a')).toEqual({
    ...account('a'),
    debitsPending: 0n,
    debitsPosted: 7n,
    creditsPending: 0n,
    creditsPosted: 0n,
    version: 2n,
    changedAt: 5,
  })
  expect(transfers.map((one) => [one.kind, one.amount, one.debit.version])).toEqual([
    ['pending', 10n, 1n],
    ['post', 7n, 2n],
  ])
})

test('a broken chain leaves nothing behind, and its neighbours stand', () => {
  const memory = createMemory()
  const chain = [linked(move(2, 'a', 'b', 1n)), linked(settle(3, 'void', 1)), move(4, 'a', 'a', 1n)]
  const { results, transfers } = memory.execute([
    hold(1, 'a', 'b', 9n),
    ...chain,
    settle(5, 'post', 1),
  ])
  expect(words(results)).toEqual([
    'created',
    'linked_transfer_failed',
    'linked_transfer_failed',
    'accounts_must_be_different',
    'created',
  ])
  expect(transfers.map((one) => one.id)).toEqual([uuid(1), uuid(5)])
  expect(memory.accounts.get(1, 'a')).toMatchObject({ debitsPosted: 9n, version: 2n })
})

test('a chain sent again exists as a whole', () => {
  const memory = createMemory()
  const chain = [linked(move(1, 'a', 'b', 1n)), move(2, 'b', 'c', 1n)]
  expect(words(memory.execute(chain).results)).toEqual(['created', 'created'])
  expect(words(memory.execute(chain).results)).toEqual(['exists', 'exists'])
})

test('a chain whose end is missing is a mistake of the program', () => {
  expect(() => createMemory().execute([linked(move(1, 'a', 'b', 1n))])).toThrow(/assertion failed/)
})

test('a retry on another day is the same transfer', () => {
  const memory = createMemory()
  memory.execute([move(1, 'a', 'b', 1n)])
  const again = { ...move(1, 'a', 'b', 1n), businessDate: '2026-11-24' }
  expect(words(memory.execute([again]).results)).toEqual(['exists'])
})

test('a post of a part sent again must name the part', () => {
  const memory = createMemory()
  memory.execute([hold(1, 'a', 'b', 10n), settle(2, 'post', 1, 7n)])
  const again = [settle(2, 'post', 1, 7n), settle(2, 'post', 1), settle(3, 'post', 1)]
  expect(words(memory.execute(again).results)).toEqual([
    'exists',
    'exists_with_different_content',
    'pending_transfer_already_posted',
  ])
})

test('a plain transfer cannot be posted', () => {
  const memory = createMemory()
  memory.execute([move(1, 'a', 'b', 10n)])
  expect(words(memory.execute([settle(2, 'post', 1)]).results)).toEqual([
    'pending_transfer_not_found',
  ])
})

test('time never goes back within the history of an account', () => {
  const memory = createMemory()
  const times = [100, 90, 120].map(
    (now, n) => memory.execute([move(n, 'a', 'b', 1n)], now).transfers[0]?.createdAt,
  )
  expect(times).toEqual([100, 100, 120])
})
