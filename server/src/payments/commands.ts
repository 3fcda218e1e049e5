/**
 * Runs a batch of payment commands in one transaction: load, decide one after the other, save. The
 * results are those of running the commands one by one, in order; a refusal never aborts a neighbour.
 *
 * Lock order, the same in every process: business keys, messages, numbers, merchants of refunds,
 * merchant counters, accounts; each kind in key order. So two batches can wait for each other's end, never in a circle.
 */
import { createHash } from 'node:crypto'
import { appendJobs, armJobs, cancelJobs, type Tx } from '../db/index.ts'
import { assert, type BusinessTime, bucketOf, type Ids } from '../kernel/index.ts'
import { executeTransfers } from '../ledger/index.ts'
import type { Catalogue } from '../merchants/index.ts'
import {
  counterName,
  lockCounters,
  type Policy,
  readCounters,
  saveCounters,
} from '../risk/index.ts'
import { lockSubscribers, saveLastYes } from '../subscribers/index.ts'
import { type Book, type Facts, openBook } from './book.ts'
import { keyChanges, keyRows, splitKeys } from './business-keys.ts'
import type { Command, CommandResult } from './command.ts'
import { countersOf, merchantOf } from './counter-keys.ts'
import { decide } from './decide/index.ts'
import { listingsIn } from './listings.ts'
import type { OrderNumbers } from './order-numbers.ts'
import {
  openPayments,
  paymentsByIds,
  paymentsBySlots,
  refundsByIds,
  savePayments,
  saveRefunds,
} from './store.ts'
import { slotRestMs, topics } from './topics.ts'
import {
  claimKeys,
  closedThrough,
  type KeyRow,
  type MessageKey,
  saveEvents,
  saveSlots,
  settleKeys,
  slotsOf,
  sweptThrough,
  takeMessages,
} from './trace-store.ts'

export interface BatchContext {
  readonly ids: Ids
  readonly time: BusinessTime
  readonly catalogue: Catalogue
  readonly policy: () => Policy
  readonly isTestNumber: (msisdn: string) => boolean
  readonly orderNumbers: OrderNumbers
}

export async function runCommands(
  tx: Tx,
  context: BatchContext,
  commands: readonly Command[],
  now: number,
): Promise<{ results: CommandResult[]; changed: string[] }> {
  const { facts, claimed } = await load(tx, context, commands, now)
  const book = openBook(facts)
  const results = commands.map((command) => decide(book, command))
  await save(tx, book, now)
  settleKeys(tx, keyChanges(claimed, book.writes().bound))
  return { results, changed: [...new Set(book.effects.events.map((event) => event.paymentId))] }
}

async function load(
  tx: Tx,
  context: BatchContext,
  commands: readonly Command[],
  now: number,
): Promise<{ facts: Facts; claimed: readonly KeyRow[] }> {
  const msisdns = unique(commands.map((command) => command.msisdn))
  const texters = unique(
    commands.flatMap((command) => (command.kind === 'text' ? [command.msisdn] : [])),
  )
  const askers = unique(
    commands.flatMap((c) => (c.kind === 'text' || c.kind === 'order' ? [c.msisdn] : [])),
  )
  // Whatever ends a question gives its confirmation number back, the timer too.
  const closers = unique(commands.flatMap((c) => (movesSlot(c.kind) ? [c.msisdn] : [])))
  const messages = messageKeys(commands)
  const [keys, fresh, subscribers, closed] = await Promise.all([
    claimKeys(tx, keyRows(commands), now),
    takeMessages(tx, messages.first),
    lockSubscribers(tx, msisdns, now),
    closedThrough(tx),
    context.orderNumbers.fill(tx, commands.length),
  ])
  const known = keys.map((key) => ({ bucket: undefined, id: key.subject }))
  const paymentIds = unique([...commands.flatMap(paymentIdsOf), ...known.map((key) => key.id)])
  const refundIds = unique([...commands.flatMap(refundIdsOf), ...known.map((key) => key.id)])
  const [byId, open, bySlot, refunds, slots] = await Promise.all([
    paymentsByIds(tx, paymentIds.map(rowKey)),
    openPayments(tx, askers),
    paymentsBySlots(tx, texters, now - slotRestMs),
    refundsByIds(tx, refundIds.map(rowKey)),
    slotsOf(tx, closers),
  ])
  const payments = [...byId, ...open, ...bySlot]
  const counterKeys = countersOf(context.time, commands, payments, now)
  const [swept, numbers, merchants, listings] = await Promise.all([
    sweptThrough(tx, sellersOfRefunds(commands, payments)),
    readCounters(tx, counterKeys.numbers),
    lockCounters(tx, counterKeys.merchants),
    listingsIn(tx, subjectsOf(commands, payments), now),
  ])
  const unused = [...counterKeys.numbers, ...counterKeys.merchants].map(
    (key) => [counterName(key), 0n] as const,
  )
  const { earlier, claimed } = splitKeys(keys, [...payments, ...refunds])
  const today = context.time.dateOf(now)
  const facts: Facts = {
    now,
    policy: context.policy(),
    catalogue: context.catalogue,
    time: context.time,
    firstOpenDate: closed !== null && closed >= today ? context.time.nextDate(closed) : today,
    sweptThrough: swept,
    subscribers,
    payments,
    refunds,
    counters: new Map([...unused, ...numbers, ...merchants]),
    listings,
    keys: earlier,
    repeated: new Set([
      ...messages.again,
      ...messages.first.filter((key) => !fresh.has(key.key)).map((key) => key.paymentId),
    ]),
    slots,
    isTestNumber: context.isTestNumber,
    orderNumber: context.orderNumbers.take,
    newId: (bucket) => context.ids.next(bucket, now),
    newCode: () => sixDigits(context.ids.random(4)),
    hashCode: (paymentId, code) =>
      createHash('sha256').update(`${paymentId}:${code}`).digest('hex'),
  }
  return { facts, claimed }
}

async function save(tx: Tx, book: Book, now: number): Promise<void> {
  const { effects } = book
  const results = await executeTransfers(tx, effects.transfers, now)
  for (const [i, result] of results.entries())
    assert(result.ok, `transfer ${effects.transfers[i]?.kind}: ${result.ok ? '' : result.refusal}`)
  const writes = book.writes()
  savePayments(tx, writes.made, writes.changed)
  saveRefunds(tx, writes.madeRefunds, writes.changedRefunds)
  saveCounters(tx, writes.counters)
  saveLastYes(tx, writes.lastYes)
  saveSlots(tx, writes.slots)
  saveEvents(tx, effects.events)
  cancelJobs(tx, [...effects.cancelled.values()])
  armJobs(tx, [...effects.armed.values()])
  appendJobs(tx, [...effects.jobs, ...effects.events.map(eventJob)])
}

/** Every event leaves through the outbox: notifiers take it from there. */
const eventJob = (event: Book['effects']['events'][number]) => ({
  bucket: event.bucket,
  topic: topics.event,
  subject: `${event.paymentId}:${event.seq}`,
  dueAt: event.at,
  payload: {
    type: event.type,
    paymentId: event.paymentId,
    seq: event.seq,
    at: event.at,
    data: event.data,
  },
})

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

const paymentIdsOf = (command: Command): string[] => {
  if (command.kind === 'text') return []
  return [command.kind === 'order' ? command.order.paymentId : command.paymentId]
}

function sellersOfRefunds(
  commands: readonly Command[],
  payments: readonly { readonly id: string; readonly merchantId: string }[],
): string[] {
  const refunded = new Set(
    commands.flatMap((command) =>
      command.kind === 'refund' || (command.kind === 'delivery' && command.result === 'failed')
        ? [command.paymentId]
        : [],
    ),
  )
  return unique(payments.flatMap(({ id, merchantId }) => (refunded.has(id) ? [merchantId] : [])))
}

const refundIdsOf = (command: Command): string[] => {
  if (command.kind === 'refund') return [command.order.refundId]
  return command.kind === 'refund_answered' ? [command.refundId] : []
}

function subjectsOf(
  commands: readonly Command[],
  payments: readonly {
    msisdn: string
    merchantId: string
    product: string
    account: string | null
  }[],
): string[] {
  const subjects = new Set<string>()
  const add = (
    msisdn: string,
    merchantId: string | null,
    product: string | null,
    account: string | null,
  ) => {
    subjects.add(`number:${msisdn}`)
    if (merchantId === null) return
    subjects.add(`merchant:${merchantId}`)
    if (product !== null) subjects.add(`goods:${merchantId}/${product}`)
    if (account !== null) subjects.add(`account:${account}`)
  }
  for (const { msisdn, merchantId, product, account } of payments)
    add(msisdn, merchantId, product, account)
  for (const command of commands) {
    const merchantId = merchantOf(command)
    if (command.kind === 'order') {
      const { what } = command.order
      add(command.msisdn, merchantId, 'product' in what ? what.product : '-', null)
      if ('product' in what && what.account) subjects.add(`account:${what.account}`)
    } else if (command.kind === 'text') {
      const { product } = command.text.reading
      add(command.msisdn, merchantId, product?.word ?? '-', product?.account ?? null)
    } else add(command.msisdn, null, null, null)
  }
  return [...subjects]
}

const sixDigits = (bytes: Uint8Array) => {
  const value = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  return String(value % 1_000_000).padStart(6, '0')
}

const movesSlot = (kind: Command['kind']) =>
  ['order', 'text', 'validate', 'cancel', 'expire'].includes(kind)

const rowKey = (id: string) => ({ bucket: Number.parseInt(id.slice(-2), 16) % 64, id })
const unique = (values: readonly string[]) => [...new Set(values)]
