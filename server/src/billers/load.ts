/**
 * What a batch must know before anything is decided, in three trips: the numbers are locked and the wallets and
 * bills read that the commands name; then what else is open for whoever pays; then the ledger's accounts are locked.
 *
 * Lock order, the same as that of payments and wallets: numbers, then accounts, each in the order of their keys.
 */
import type { Tx } from '../db/index.ts'
import type { RequestKey } from '../db/table-store.ts'
import type { BusinessTime, Ids, Msisdn } from '../kernel/index.ts'
import {
  type AccountRef,
  billerPayable,
  type LedgerFacts,
  lockLedger,
  spendable,
  userBalance,
} from '../ledger/index.ts'
import { closedThrough, type Watch } from '../payments/index.ts'
import { type CounterKey, counterName, type Policy, readCounters } from '../risk/index.ts'
import { lockSubscribers } from '../subscribers/index.ts'
import { countedKeys, type Purse, readPurses } from '../wallet/index.ts'
import type { Facts } from './book.ts'
import { isLive } from './book.ts'
import type { Command } from './command.ts'
import type { KeptBill } from './rows.ts'
import { tables, undecidedOf } from './store.ts'

export interface BatchContext {
  readonly ids: Pick<Ids, 'next'>
  readonly time: BusinessTime
  readonly policy: () => Policy
  /** Without it nobody waits for an end. */
  readonly watch?: Watch
}

export interface Loaded {
  readonly facts: Facts
  readonly ledger: LedgerFacts
}

export async function load(
  tx: Tx,
  context: BatchContext,
  commands: readonly Command[],
  now: number,
): Promise<Loaded> {
  const { time } = context
  const named = namesIn(commands)
  const [subscribers, closed, purses, byIds, byKeys] = await Promise.all([
    lockSubscribers(tx, named.numbers, now),
    closedThrough(tx),
    readPurses(tx, named),
    tables.bill.byIds(tx, named.bills),
    tables.bill.byKeys(tx, named.keys),
  ])
  const payers = payersIn(commands, purses)
  const open = await undecidedOf(
    tx,
    payers.map(({ walletId }) => walletId),
  )
  const bills = [...new Map([...byIds, ...byKeys, ...open].map((bill) => [bill.id, bill])).values()]
  const [used, ledger] = await Promise.all([
    readCounters(tx, countersOf(time, { payers, purses, bills }, now)),
    lockLedger(tx, { accounts: moneyOf(purses, bills), pendings: [] }),
  ])
  const today = time.dateOf(now)
  const facts: Facts = {
    ...{ now, policy: context.policy(), time, subscribers, purses, bills, used },
    firstOpenDate: closed !== null && closed >= today ? time.nextDate(closed) : today,
    balances: new Map(
      purses.map(({ walletId, bucket }) => {
        const account = ledger.accounts.get(bucket, userBalance(bucket, walletId).name)
        return [walletId, account ? spendable(account) : 0n] as const
      }),
    ),
    newId: (bucket) => context.ids.next(bucket, now),
  }
  return { facts, ledger }
}

const payersIn = (commands: readonly Command[], purses: readonly Purse[]): Purse[] => {
  const numbers = new Set(commands.flatMap(({ kind, msisdn }) => (kind === 'pay' ? [msisdn] : [])))
  return purses.filter((purse) => isLive(purse) && numbers.has(purse.msisdn))
}

/** Of the wallets that may be charged now, and of the days on which what may come back was taken. */
function countersOf(
  time: BusinessTime,
  {
    payers,
    purses,
    bills,
  }: {
    readonly payers: readonly Purse[]
    readonly purses: readonly Purse[]
    readonly bills: readonly KeptBill[]
  },
  now: number,
): CounterKey[] {
  const keys = new Map<string, CounterKey>()
  const add = (purse: Purse, at: number) => {
    for (const key of countedKeys(time, purse, at)) keys.set(counterName(key), key)
  }
  const byId = new Map(purses.map((purse) => [purse.walletId, purse]))
  for (const purse of payers) add(purse, now)
  for (const { walletId, paidAt } of bills) {
    const purse = byId.get(walletId)
    if (purse && paidAt !== null) add(purse, paidAt)
  }
  return [...keys.values()]
}

/** More may be locked than is moved; never less. */
function moneyOf(purses: readonly Purse[], bills: readonly KeptBill[]): AccountRef[] {
  const accounts = new Map<string, AccountRef>()
  const add = (ref: AccountRef) => accounts.set(`${ref.bucket}/${ref.name}`, ref)
  for (const { bucket, walletId } of purses) add(userBalance(bucket, walletId))
  for (const { bucket, biller } of bills) add(billerPayable(bucket, biller))
  return [...accounts.values()]
}

function namesIn(commands: readonly Command[]) {
  const numbers = new Set<Msisdn>()
  const walletIds = new Set<string>()
  const bills = new Set<string>()
  const keys = new Map<string, RequestKey>()
  for (const command of commands) {
    const { msisdn } = command
    numbers.add(msisdn)
    if (command.kind === 'pay') {
      const { billId, key } = command.order
      bills.add(billId)
      keys.set(`${msisdn}|${key}`, { msisdn, key })
    } else bills.add(command.billId)
    if ('walletId' in command) walletIds.add(command.walletId)
  }
  return {
    numbers: [...numbers],
    walletIds: [...walletIds],
    bills: [...bills],
    keys: [...keys.values()],
  }
}
