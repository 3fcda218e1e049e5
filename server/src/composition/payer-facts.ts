/**
 * What is looked at before the order of a till is placed: the wallets of all who ask at one moment, in five reads.
 * To choose by; what a wallet truly does is decided under its lock.
 */
import { createCoalescer } from '../db/index.ts'
import type { Amount, Msisdn } from '../kernel/index.ts'
import { balancesAt, spendable, userBalance } from '../ledger/index.ts'
import { codeDayOf, type Source } from '../payments/index.ts'
import { type CodeProof, type CounterKey, counterName, readCounters } from '../risk/index.ts'
import { coolOffUntil, findSubscribers } from '../subscribers/index.ts'
import {
  type OutFacts,
  outRefusal,
  type Purse,
  readPurses,
  readSources,
  usedKeys,
} from '../wallet/index.ts'
import type { Parts } from './cards.ts'

export interface PayerFacts {
  readonly walletId: string
  /** In which the owner has sources offered. */
  readonly order: readonly Source[]
  canPay(amount: Amount): boolean
  /** What was paid by codes today, agreed to as surely as that. */
  codesUsed(proof: CodeProof): Amount
}

type FactParts = Pick<Parts, 'db' | 'clock' | 'time' | 'policy'>
const proofs = ['one_factor', 'two_factors'] as const satisfies readonly CodeProof[]

/** Undefined for a number without a wallet. */
export function createPayerFacts(
  parts: FactParts,
): (msisdn: Msisdn) => Promise<PayerFacts | undefined> {
  const asked = createCoalescer<Msisdn, PayerFacts | undefined>({
    now: parts.clock.now,
    run: (numbers) => factsOf(parts, numbers),
  })
  return (msisdn) => asked.submit(msisdn)
}

async function factsOf(
  { db, clock, time, policy }: FactParts,
  numbers: readonly Msisdn[],
): Promise<(PayerFacts | undefined)[]> {
  const now = clock.now()
  const distinct = [...new Set(numbers)]
  const purses = await readPurses(db, { numbers: distinct })
  const codeKey = ({ bucket, msisdn, walletId }: Purse, codeProof: CodeProof) =>
    codeDayOf(time, { bucket, msisdn, card: null, purse: { walletId }, codeProof }, now)
  const keys = purses.flatMap((purse) => [
    ...Object.values(usedKeys(time, purse, now)),
    ...proofs.flatMap((proof) => codeKey(purse, proof) ?? []),
  ])
  const [balances, orders, counters, lines] = await Promise.all([
    balancesAt(
      db,
      purses.map(({ bucket, walletId }) => userBalance(bucket, walletId)),
    ),
    readSources(
      db,
      purses.map(({ walletId }) => walletId),
    ),
    readCounters(db, keys),
    findSubscribers(db, distinct, now),
  ])
  const usedOf = (key: CounterKey | undefined) => (key && counters.get(counterName(key))) ?? 0n
  const of = (purse: Purse): PayerFacts => {
    const { bucket, walletId, msisdn } = purse
    const line = lines.get(msisdn)
    const { day, year, ever } = usedKeys(time, purse, now)
    const facts: OutFacts = {
      now,
      policy: policy.current(),
      used: { day: usedOf(day), year: usedOf(year), ever: usedOf(ever) },
      balance: spendable(balances.get(userBalance(bucket, walletId).name)),
      coolOffUntil: line ? coolOffUntil(line, policy.current()) : null,
    }
    return {
      walletId,
      order: orders(walletId),
      canPay: (amount) => purse.state === 'open' && outRefusal(purse, facts, amount) === null,
      codesUsed: (proof) => usedOf(codeKey(purse, proof)),
    }
  }
  const byNumber = new Map(purses.map((purse) => [purse.msisdn, of(purse)]))
  return numbers.map((msisdn) => byNumber.get(msisdn))
}
