/**
 * What a batch must know before anything is decided, in three trips: the numbers are locked and the rows and
 * wallets read that the commands name; then what belongs to those; then the ledger's accounts are locked.
 *
 * Lock order, the same as that of payments and wallets: numbers, then accounts, each in the order of their
 * keys. All that can happen to a row happens under the number of who made it, and of who else it is about.
 */
import type { Tx } from '../db/index.ts'
import type { RequestKey, Table } from '../db/table-store.ts'
import type { BusinessTime, Ids, Msisdn } from '../kernel/index.ts'
import { type LedgerFacts, lockLedger, userBalance } from '../ledger/index.ts'
import { closedThrough, type Watch } from '../payments/index.ts'
import { type CounterKey, counterName, type Policy, readCounters } from '../risk/index.ts'
import { findSubscribers, lockSubscribers, type Subscriber } from '../subscribers/index.ts'
import { countedKeys, type Purse, readPurses } from '../wallet/index.ts'
import { type Facts, isLive, type Rows } from './book.ts'
import type { Command } from './command.ts'
import { codeKey } from './decide/code-limit.ts'
import { moneyOf } from './money.ts'
import type { KeptTransfer } from './rows.ts'
import { contactsOf, type Pair, sentSince, splitsOfPayments, tables, waitingFor } from './store.ts'
import { type Noun, topics } from './topics.ts'

export interface BatchContext {
  readonly ids: Pick<Ids, 'next' | 'random'>
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
  const named = namesIn(commands)
  const [subscribers, closed, known, byName, request, mandate, splitNamed, packet, ofPayments] =
    await Promise.all([
      lockSubscribers(tx, named.numbers, now),
      closedThrough(tx),
      readPurses(tx, { numbers: named.numbers, walletIds: named.walletIds }),
      rowsOf(tx, 'transfer', tables.transfer, named),
      rowsOf(tx, 'request', tables.request, named),
      rowsOf(tx, 'mandate', tables.mandate, named),
      rowsOf(tx, 'split', tables.split, named),
      rowsOf(tx, 'packet', tables.packet, named),
      splitsOfPayments(tx, paymentsIn(commands)),
    ])
  const split = distinct([...splitNamed, ...ofPayments])
  const live = new Map(known.flatMap((one) => (isLive(one) ? [[one.msisdn, one] as const] : [])))
  const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id)
  const [waiting, share, part] = await Promise.all([
    waitingOf(tx, commands, live),
    tables.share.byParents(tx, 'split_id', idsOf(split)),
    tables.part.byParents(tx, 'packet_id', idsOf(packet)),
  ])
  const transfer = distinct([...byName, ...waiting])
  const found = { transfer, request, mandate, split, packet, share, part }
  const senders = await sendersOf(tx, commands, waiting, now)
  const purses = distinctPurses([...senders.purses, ...known])
  const payers = distinctPurses(
    commands.flatMap(({ needs }) => live.get(needs.numbers[0] ?? '') ?? []),
  )
  const today = context.time.dateOf(now)
  const [contact, sent, used, ledger] = await Promise.all([
    contactsOf(tx, pairsIn(commands, live)),
    sentSince(
      tx,
      payers.map(({ walletId }) => walletId),
      context.time.startOf(today),
    ),
    readCounters(tx, [
      ...countersOf(context, { payers, purses }, found, now),
      ...codeCountersOf(context, { commands, payers }, request, now),
    ]),
    lockLedger(tx, { accounts: moneyOf(commands, purses, found), pendings: [] }),
  ])
  const rows: Rows = { ...found, contact }
  const facts: Facts = {
    ...{ now, policy: context.policy(), time: context.time, purses, rows, used, sent },
    firstOpenDate: closed !== null && closed >= today ? context.time.nextDate(closed) : today,
    subscribers: new Map([...senders.lines, ...subscribers]),
    balances: balancesOf(purses, ledger),
    newId: (bucket) => context.ids.next(bucket, now),
  }
  return { facts, ledger }
}

const distinctPurses = (purses: readonly Purse[]): Purse[] => [
  ...new Map(purses.map((purse) => [purse.walletId, purse])).values(),
]

const nouns = Object.keys(topics) as readonly Noun[]

async function rowsOf<Row extends { readonly id: string }>(
  tx: Tx,
  noun: Noun,
  table: Pick<Table<Row>, 'byIds' | 'byKeys'>,
  { ids, keys }: Named,
): Promise<Row[]> {
  const [byIds, byKeys] = await Promise.all([
    table.byIds(tx, [...(ids.get(noun) ?? [])]),
    table.byKeys(tx, [...(keys.get(noun)?.values() ?? [])]),
  ])
  return distinct([...byIds, ...byKeys])
}

const paymentsIn = (commands: readonly Command[]): string[] => [
  ...new Set(commands.flatMap(({ needs }) => needs.payments ?? [])),
]

/** Of numbers that open a wallet, and of those that something more is sent to without one. */
async function waitingOf(tx: Tx, commands: readonly Command[], live: ReadonlyMap<Msisdn, Purse>) {
  const numbers = new Set(
    commands.flatMap((command) => {
      if (command.kind === 'claim') return [command.msisdn]
      return command.kind === 'send' && !live.has(command.order.to) ? [command.order.to] : []
    }),
  )
  return waitingFor(tx, [...numbers])
}

/** Who sent what is claimed: their numbers are not locked, for the payee's guards what waits for it. */
async function sendersOf(
  tx: Tx,
  commands: readonly Command[],
  waiting: readonly KeptTransfer[],
  now: number,
): Promise<{ readonly lines: ReadonlyMap<Msisdn, Subscriber>; readonly purses: readonly Purse[] }> {
  const claimers = new Set(
    commands.flatMap((command) => (command.kind === 'claim' ? [command.msisdn] : [])),
  )
  const claimed = waiting.filter(({ payee }) => claimers.has(payee))
  if (claimed.length === 0) return { lines: new Map(), purses: [] }
  const [lines, purses] = await Promise.all([
    findSubscribers(
      tx,
      claimed.map(({ msisdn }) => msisdn),
      now,
    ),
    readPurses(tx, { walletIds: claimed.map(({ walletId }) => walletId) }),
  ])
  return { lines, purses }
}

/** Who pays whom, where a name may be asked for. */
function pairsIn(commands: readonly Command[], live: ReadonlyMap<Msisdn, Purse>): Pair[] {
  const pairs = new Map<string, Pair>()
  for (const { kind, needs } of commands) {
    if (!naming.has(kind)) continue
    const [from, to] = needs.numbers.map((msisdn) => live.get(msisdn))
    if (!from || !to) continue
    const pair = { walletId: from.walletId, payeeWalletId: to.walletId }
    pairs.set(`${pair.walletId}|${pair.payeeWalletId}`, pair)
  }
  return [...pairs.values()]
}

/** Their numbers are those of the payer and the payee, in this order. */
const naming: ReadonlySet<Command['kind']> = new Set([
  ...(['send', 'pay_request', 'give', 'pay_share', 'collect'] as const),
])

/** Of the wallets that may be charged now, and of the days on which what may come back was taken. */
function countersOf(
  { time }: BatchContext,
  { payers, purses }: { readonly payers: readonly Purse[]; readonly purses: readonly Purse[] },
  { transfer, packet }: Pick<Rows, 'transfer' | 'packet'>,
  now: number,
): CounterKey[] {
  const keys = new Map<string, CounterKey>()
  const add = (purse: Purse | undefined, at: number) => {
    if (purse) for (const key of countedKeys(time, purse, at)) keys.set(counterName(key), key)
  }
  const byId = new Map(purses.map((purse) => [purse.walletId, purse]))
  for (const purse of payers) add(purse, now)
  for (const { walletId, dueAt, requestedAt } of transfer)
    if (dueAt !== null) add(byId.get(walletId), requestedAt)
  for (const { walletId, sentAt } of packet) add(byId.get(walletId), sentAt)
  return [...keys.values()]
}

/** Of those who may pay by a code that was read, now or before. */
function codeCountersOf(
  { time }: BatchContext,
  by: { readonly commands: readonly Command[]; readonly payers: readonly Purse[] },
  requests: Rows['request'],
  now: number,
): CounterKey[] {
  const numbers = new Set([
    ...by.commands.flatMap((one) => (one.kind === 'collect' ? [one.order.payer] : [])),
    ...requests.flatMap(({ codeAlias, payer }) => (codeAlias === null ? [] : [payer])),
  ])
  return by.payers
    .filter(({ msisdn }) => numbers.has(msisdn))
    .flatMap((purse) =>
      (['one_factor', 'two_factors'] as const).map((proof) => codeKey({ time, now }, purse, proof)),
    )
}

const balancesOf = (purses: readonly Purse[], ledger: LedgerFacts) =>
  new Map(
    purses.map(({ walletId, bucket }) => {
      const account = ledger.accounts.get(bucket, userBalance(bucket, walletId).name)
      const { creditsPosted = 0n, debitsPosted = 0n, debitsPending = 0n } = account ?? {}
      return [walletId, creditsPosted - debitsPosted - debitsPending] as const
    }),
  )

interface Named {
  readonly numbers: readonly Msisdn[]
  readonly walletIds: readonly string[]
  readonly ids: ReadonlyMap<Noun, ReadonlySet<string>>
  readonly keys: ReadonlyMap<Noun, ReadonlyMap<string, RequestKey>>
}

function namesIn(commands: readonly Command[]): Named {
  const numbers = new Set<Msisdn>()
  const walletIds = new Set<string>()
  const ids = new Map(nouns.map((noun) => [noun, new Set<string>()]))
  const keys = new Map(nouns.map((noun) => [noun, new Map<string, RequestKey>()]))
  for (const { needs } of commands) {
    for (const msisdn of needs.numbers) numbers.add(msisdn)
    for (const id of needs.walletIds ?? []) walletIds.add(id)
    for (const noun of nouns) {
      for (const id of needs.rows?.[noun] ?? []) ids.get(noun)?.add(id)
      const key = needs.keys?.[noun]
      if (key) keys.get(noun)?.set(`${key.msisdn}|${key.key}`, key)
    }
  }
  return { numbers: [...numbers], walletIds: [...walletIds], ids, keys }
}

const distinct = <Row extends { readonly id: string }>(rows: readonly Row[]): Row[] => [
  ...new Map(rows.map((row) => [row.id, row])).values(),
]
