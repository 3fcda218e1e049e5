/**
 * What a batch must know before anything is decided, in three trips: the numbers are locked and the rows read
 * that the commands name; then the wallets and cards behind those; then the ledger's accounts are locked.
 *
 * Lock order, the same as that of payments: numbers, then accounts, each in the order of their keys.
 */
import { newestBills, standingOf } from '../bank-cards/index.ts'
import type { Tx } from '../db/index.ts'
import type { BusinessTime, Ids, Msisdn } from '../kernel/index.ts'
import { type LedgerFacts, lockLedger, spendable, userBalance } from '../ledger/index.ts'
import { closedThrough } from '../payments/index.ts'
import { type CounterKey, counterName, type Policy, readCounters } from '../risk/index.ts'
import { lockSubscribers } from '../subscribers/index.ts'
import type { Facts } from './book.ts'
import type { Command } from './command.ts'
import { usedKeys } from './limits.ts'
import { moneyOf } from './money.ts'
import type { BoundCards, Followers, Owners } from './ports.ts'
import { readRepaid } from './repaid-store.ts'
import type { KeptAccount } from './rows.ts'
import {
  accountsByIds,
  accountsOf,
  movementsByIds,
  movementsByKeys,
  openMovements,
} from './store.ts'
import { readWithdrawn } from './withdrawn-store.ts'

export interface BatchContext {
  readonly ids: Ids
  readonly time: BusinessTime
  readonly policy: () => Policy
  readonly cards: BoundCards
  readonly owners: Owners
  readonly followers: Followers
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
  const named = namesIn(commands)
  const [subscribers, closed, found, byId, ofNumbers, byIds, byKeys, bills] = await Promise.all([
    lockSubscribers(tx, named.numbers, now),
    closedThrough(tx),
    tradersIn(tx, context, named, now),
    accountsByIds(tx, named.wallets),
    accountsOf(tx, named.numbers),
    movementsByIds(tx, named.movements),
    movementsByKeys(tx, named.keys),
    newestBills(tx, named.billed),
  ])
  const accounts = distinct([...byId, ...ofNumbers])
  const closing = watched(commands, accounts)
  const linked = [...byIds, ...byKeys].flatMap(({ linkedId }) => linkedId ?? [])
  const [open, tied, others, repaid, used, withdrawn] = await Promise.all([
    openMovements(tx, closing),
    context.followers.tied(tx, closing),
    movementsByIds(tx, linked),
    readRepaid(tx, bills),
    readCounters(tx, countersOf(context, commands, accounts, now)),
    readWithdrawn(tx, withdrawing(commands, accounts)),
  ])
  const movements = distinct([...byIds, ...byKeys, ...open, ...others])
  const { owners, cards } = found
  const ledger = await lockLedger(tx, moneyOf(commands, { accounts, movements, cards }))
  const today = context.time.dateOf(now)
  const facts: Facts = {
    now,
    policy: context.policy(),
    time: context.time,
    firstOpenDate: closed !== null && closed >= today ? context.time.nextDate(closed) : today,
    ...{ subscribers, owners, cards, accounts, movements, tied },
    dues: new Map(bills.map((bill) => [bill.bindingId, standingOf(bill, repaid(bill))])),
    ...{ used, withdrawn },
    balances: balancesOf(accounts, ledger),
    newId: (bucket) => context.ids.next(bucket, now),
  }
  return { facts, ledger }
}

/** Of those who send to cards of others, and of what may come back from there. */
function countersOf(
  { time }: BatchContext,
  commands: readonly Command[],
  accounts: readonly KeptAccount[],
  now: number,
): CounterKey[] {
  const keys = commands.flatMap((command) => {
    const at = command.kind === 'card_transfer' ? now : countedAt(command)
    const ofNumber = accounts.filter(({ msisdn }) => msisdn === command.msisdn)
    return at === undefined
      ? []
      : ofNumber.flatMap(({ bucket, id: walletId }) =>
          Object.values(usedKeys(time, { bucket, walletId }, at)),
        )
  })
  return [...new Map(keys.map((key) => [counterName(key), key])).values()]
}

function withdrawing(commands: readonly Command[], accounts: readonly KeptAccount[]): string[] {
  const numbers = new Set(
    commands.flatMap(({ kind, msisdn }) => (kind === 'withdrawal' ? [msisdn] : [])),
  )
  return accounts.filter(({ msisdn }) => numbers.has(msisdn)).map(({ id }) => id)
}

const countedAt = (command: Command) =>
  command.kind === 'bank_answered' ? command.countedAt : undefined

/** Behind the numbers' locks, for what is read before them may be old by then. */
async function tradersIn(tx: Tx, { owners, cards }: BatchContext, named: Named, now: number) {
  const [known, bound] = await Promise.all([
    named.spenders.length > 0 ? owners.read(tx, named.spenders) : [],
    named.cards.length > 0 ? cards.read(tx, named.cards, now) : [],
  ])
  return {
    owners: new Map(known.map((owner) => [owner.msisdn, owner])),
    cards: new Map(bound.map((card) => [card.id, card])),
  }
}

/** Of wallets that close, everything that is still open has a say. */
function watched(commands: readonly Command[], accounts: readonly KeptAccount[]): string[] {
  const asked = new Set(
    commands.flatMap((command) => (command.kind === 'close' ? [command.order.walletId] : [])),
  )
  return accounts
    .filter(({ id, state }) => asked.has(id) || state === 'closing')
    .map(({ id }) => id)
}

const balancesOf = (accounts: readonly KeptAccount[], ledger: LedgerFacts) =>
  new Map(
    accounts.map(({ id, bucket }) => {
      const { name } = userBalance(bucket, id)
      return [id, spendable(ledger.accounts.get(bucket, name))] as const
    }),
  )

interface Named {
  readonly numbers: readonly Msisdn[]
  /** Those from whom money may leave. */
  readonly spenders: readonly Msisdn[]
  readonly cards: readonly string[]
  /** Those that are to be repaid. */
  readonly billed: readonly string[]
  readonly wallets: readonly string[]
  readonly movements: readonly string[]
  readonly keys: readonly { readonly msisdn: Msisdn; readonly key: string }[]
}

function namesIn(commands: readonly Command[]): Named {
  const numbers = new Set<Msisdn>()
  const spenders = new Set<Msisdn>()
  const cards = new Set<string>()
  const billed = new Set<string>()
  const wallets = new Set<string>()
  const movements = new Set<string>()
  const keys = new Map<string, { msisdn: Msisdn; key: string }>()
  for (const command of commands) {
    const { msisdn } = command
    numbers.add(msisdn)
    if (command.kind === 'bank_answered') {
      wallets.add(command.walletId)
      movements.add(command.movementId)
      if (command.isFunding) spenders.add(msisdn)
      continue
    }
    const { order } = command
    keys.set(`${msisdn}|${order.key}`, { msisdn, key: order.key })
    if (command.kind !== 'top_up' && command.kind !== 'cash_in') spenders.add(msisdn)
    if ('cardId' in order) cards.add(order.cardId)
    if (command.kind === 'repayment') {
      billed.add(command.order.cardId)
      cards.add(command.order.fromCardId ?? command.order.cardId)
    }
    if (command.kind !== 'close') continue
    wallets.add(command.order.walletId)
    const { payTo } = command.order
    if (payTo && 'cardId' in payTo) cards.add(payTo.cardId)
  }
  return {
    ...{ numbers: [...numbers], spenders: [...spenders], cards: [...cards] },
    billed: [...billed],
    ...{ wallets: [...wallets], movements: [...movements], keys: [...keys.values()] },
  }
}

const distinct = <Row extends { readonly id: string }>(rows: readonly Row[]): Row[] => [
  ...new Map(rows.map((row) => [row.id, row])).values(),
]
