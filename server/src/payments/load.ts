/**
 * Gathers what a batch of commands needs to be decided, in two round trips: first the keys, messages and
 * numbers are locked and the rows read that the commands name; then, knowing those, what is shared by
 * many numbers is locked: ledger accounts and, where it must be, merchant counters.
 *
 * Lock order, the same in every process: business keys, messages, numbers, merchants of refunds,
 * guards of codes, accounts, merchant counters; each kind in key order. So two batches can wait for
 * each other's end, never in a circle.
 */
import { createHash } from 'node:crypto'
import type { Tx } from '../db/index.ts'
import { type BusinessTime, bucketOf, type Ids, sixDigits } from '../kernel/index.ts'
import { type LedgerFacts, lockLedger, spendable, userBalance } from '../ledger/index.ts'
import type { Catalogue } from '../merchants/index.ts'
import { counterName, lockCounters, lockGuards, type Policy, readCounters } from '../risk/index.ts'
import { lockSubscribers } from '../subscribers/index.ts'
import type { Facts } from './book.ts'
import { type ClaimedKey, claimBusinessKeys, splitKeys } from './business-keys.ts'
import type { Command } from './command.ts'
import { countersOf } from './counter-keys.ts'
import { guardSubjects } from './guard-subjects.ts'
import { listingsIn, subjectsOf } from './listings.ts'
import { isAtOnce, moneyOf, sellersOfRefunds } from './money.ts'
import type { OrderNumbers } from './order-numbers.ts'
import type { Source } from './payment.ts'
import type { Purse, PurseNames, Purses } from './purse.ts'
import {
  openPayments,
  paymentsByIds,
  paymentsBySlots,
  type RowKey,
  refundsByIds,
  rowKeyOf,
} from './store.ts'
import { slotRestMs } from './topics.ts'
import {
  closedThrough,
  type KeyRow,
  type MessageKey,
  slotsOf,
  sweptThrough,
  takeMessages,
} from './trace-store.ts'
import type { Watch } from './watch.ts'

export interface BatchContext {
  readonly ids: Ids
  readonly time: BusinessTime
  readonly catalogue: Catalogue
  readonly policy: () => Policy
  readonly isTestNumber: (msisdn: string) => boolean
  readonly isTold: (merchantId: string) => boolean
  readonly orderNumbers: OrderNumbers
  /** Without it nothing earns points. */
  readonly earns?: (source: Source) => boolean
  /** Without it nobody has a wallet that pays. */
  readonly purses?: Purses
  /** Without it nobody waits for an end. */
  readonly watch?: Watch
}

export interface Loaded {
  readonly facts: Facts
  /** Keys of this batch that stood for nothing before it. */
  readonly claimed: readonly KeyRow[]
  readonly ledger: LedgerFacts
}

export interface LoadOptions {
  readonly context: BatchContext
  readonly commands: readonly Command[]
  readonly now: number
  readonly isCounterLocked: boolean
}

export async function load(tx: Tx, options: LoadOptions): Promise<Loaded> {
  const { context, commands, now } = options
  const messages = messageKeys(commands)
  const named = namesIn(commands)
  const [keys, fresh, subscribers, paying, closed, byId, open, bySlot, refunds, slots] =
    await Promise.all([
      claimBusinessKeys(tx, commands, now),
      takeMessages(tx, messages.first),
      lockSubscribers(tx, named.numbers, now),
      pursesIn(tx, context.purses, { numbers: named.payers, walletIds: [] }),
      closedThrough(tx),
      paymentsByIds(tx, named.payments),
      openPayments(tx, named.askers),
      paymentsBySlots(tx, named.texters, now - slotRestMs),
      refundsByIds(tx, named.refunds),
      slotsOf(tx, named.closers),
      context.orderNumbers.fill(tx, commands.length),
    ])
  const [paidBefore, refundedBefore] = await earlierObjects(tx, keys)
  const payments = [...byId, ...open, ...bySlot, ...paidBefore]
  const known = new Set(paying.map(({ walletId }) => walletId))
  const walletIds = payments.flatMap(({ purse }) => purse?.walletId ?? [])
  const others = [...new Set(walletIds)].filter((id) => !known.has(id))
  const [swept, paid] = await Promise.all([
    sweptThrough(tx, sellersOfRefunds(commands, payments)),
    pursesIn(tx, context.purses, { numbers: [], walletIds: others }),
  ])
  const purses = [...paying, ...paid]
  const counterKeys = countersOf(context.time, commands, { payments, purses }, now)
  const readMerchants = options.isCounterLocked ? lockCounters : readCounters
  const [guards, numbers, listings, ledger, merchants] = await Promise.all([
    lockGuards(tx, guardSubjects(commands, payments)),
    readCounters(tx, counterKeys.numbers),
    listingsIn(tx, subjectsOf(commands, payments), now),
    lockLedger(tx, moneyOf(commands, { payments, subscribers, swept, purses })),
    readMerchants(tx, counterKeys.merchants),
  ])
  const unused = [...counterKeys.numbers, ...counterKeys.merchants].map(
    (key) => [counterName(key), 0n] as const,
  )
  const allRefunds = [...refunds, ...refundedBefore]
  const { earlier, claimed } = splitKeys(keys, [...payments, ...allRefunds])
  const today = context.time.dateOf(now)
  const facts: Facts = {
    now,
    policy: context.policy(),
    catalogue: context.catalogue,
    time: context.time,
    firstOpenDate: closed !== null && closed >= today ? context.time.nextDate(closed) : today,
    sweptThrough: swept,
    subscribers,
    purses,
    balances: balancesOf(purses, ledger),
    payments,
    refunds: allRefunds,
    counters: new Map([...unused, ...numbers, ...merchants]),
    listings,
    keys: earlier,
    repeated: new Set([
      ...messages.again,
      ...messages.first.filter((key) => !fresh.has(key.key)).map((key) => key.paymentId),
    ]),
    slots,
    guards,
    isTestNumber: context.isTestNumber,
    isTold: context.isTold,
    earns: context.earns ?? (() => false),
    orderNumber: context.orderNumbers.take,
    newId: (bucket) => context.ids.next(bucket, now),
    newCode: () => sixDigits(context.ids.random(4)),
    hashCode: (paymentId, code) =>
      createHash('sha256').update(`${paymentId}:${code}`).digest('hex'),
  }
  return { facts, claimed, ledger }
}

/** Those that are to pay, and those that money may go back to. */
const pursesIn = async (
  tx: Tx,
  purses: Purses | undefined,
  named: PurseNames,
): Promise<readonly Purse[]> =>
  purses && named.numbers.length + named.walletIds.length > 0 ? purses.read(tx, named) : []

const balancesOf = (purses: readonly Purse[], ledger: LedgerFacts) =>
  new Map(
    purses.map(({ bucket, walletId }) => [
      walletId,
      spendable(ledger.accounts.get(bucket, userBalance(bucket, walletId).name)),
    ]),
  )

/** What keys stood for before this batch: there is almost never anything to read. */
async function earlierObjects(tx: Tx, keys: readonly ClaimedKey[]) {
  const subjects = keys.filter((key) => !key.isOurs).map((key) => rowKeyOf(key.subject))
  return Promise.all([paymentsByIds(tx, subjects), refundsByIds(tx, subjects)])
}

function namesIn(commands: readonly Command[]) {
  const numbers = new Set<string>()
  const texters = new Set<string>()
  const payers = new Set<string>()
  const askers = new Set<string>()
  const closers = new Set<string>()
  const payments = new Map<string, RowKey>()
  const refunds = new Map<string, RowKey>()
  for (const command of commands) {
    const { kind, msisdn } = command
    numbers.add(msisdn)
    if (kind === 'text') texters.add(msisdn)
    if (kind === 'order' && command.order.source === 'wallet') payers.add(msisdn)
    // Without a question nothing has to be kept apart, and nothing is repeated.
    const asks = kind === 'text' || (kind === 'order' && !isAtOnce(command.order))
    if (asks) askers.add(msisdn)
    // Whatever ends a question gives its confirmation number back, the timer too.
    if (asks || closing.has(kind)) closers.add(msisdn)
    if ('paymentId' in command) payments.set(command.paymentId, rowKeyOf(command.paymentId))
    // Run again after a commit nobody heard of, an order meets its own payment.
    if (kind === 'order') payments.set(command.order.paymentId, rowKeyOf(command.order.paymentId))
    const refundId = refundIdOf(command)
    if (refundId !== null) refunds.set(refundId, rowKeyOf(refundId))
  }
  return {
    numbers: [...numbers],
    texters: [...texters],
    payers: [...payers],
    askers: [...askers],
    closers: [...closers],
    payments: [...payments.values()],
    refunds: [...refunds.values()],
  }
}

const closing: ReadonlySet<Command['kind']> = new Set(['validate', 'approve', 'cancel', 'expire'])

function refundIdOf(command: Command): string | null {
  if (command.kind === 'refund') return command.order.refundId
  return command.kind === 'refund_answered' ? command.refundId : null
}

/** A gateway without message ids may deliver twice within this time; its ids are unique for ever. */
const sameTextMs = 10_000
const forEverMs = 2 ** 52

function messageKeys(commands: readonly Command[]) {
  const first = new Map<string, MessageKey & { readonly paymentId: string }>()
  const again: string[] = []
  for (const command of commands) {
    if (command.kind !== 'text') continue
    const { from, to, gateway, messageId, receivedAt, reading } = command.text
    const key =
      messageId === null
        ? `text|${createHash('sha256').update(`${from}|${to}|${reading.text}`).digest('hex')}`
        : `${gateway}|${from}|${messageId}`
    const { paymentId } = command.text
    const windowMs = messageId === null ? sameTextMs : forEverMs
    if (first.has(key)) again.push(paymentId)
    else first.set(key, { bucket: bucketOf(from), key, receivedAt, windowMs, paymentId })
  }
  return { first: [...first.values()], again }
}
