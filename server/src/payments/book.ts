/**
 * The open book of one batch: what was loaded, what has been decided so far, and what must be written.
 * Decisions are taken one after the other against the book, so that a batch equals its commands one by
 * one: the second command sees what the first one changed. Nothing here reads a clock or a row.
 */
import type { NewJob } from '../db/index.ts'
import { assert, type BusinessDate, type BusinessTime } from '../kernel/index.ts'
import type { TransferCommand } from '../ledger/index.ts'
import type { Catalogue } from '../merchants/index.ts'
import {
  type Addition,
  type CodeGuard,
  type CounterKey,
  counterName,
  type Policy,
} from '../risk/index.ts'
import type { Subscriber } from '../subscribers/index.ts'
import { addTo, groupBy } from './groups.ts'
import type { Notice } from './notice.ts'
import { next, type Payment, type Refund, type Source, type State, unfinished } from './payment.ts'
import type { BusinessKey } from './payments.ts'
import type { Purse } from './purse.ts'
import type { Versioned } from './rows.ts'
import type { PaymentEvent, Slot } from './traces.ts'

/** How far a list reaches: black refuses, grey halves the limits, white skips the interval. */
export type Listing = 'black' | 'grey' | 'white'

export interface Facts {
  readonly now: number
  readonly policy: Policy
  readonly catalogue: Catalogue
  readonly time: BusinessTime
  /** The first date on which something can still be posted. */
  readonly firstOpenDate: BusinessDate
  /** Of the merchants of refunds: up to which date their sales have become payable. */
  readonly sweptThrough: ReadonlyMap<string, BusinessDate | null>
  readonly subscribers: ReadonlyMap<string, Subscriber>
  /** Of whom a wallet is to pay, and those that money may go back to. */
  readonly purses: readonly Purse[]
  /** By wallet: what can be spent. Of a wallet whose account was not locked it says nothing. */
  readonly balances: ReadonlyMap<string, bigint>
  readonly payments: readonly Versioned[]
  readonly refunds: readonly Refund[]
  /** By `counterName`; the locked state of every counter this batch may look at. */
  readonly counters: ReadonlyMap<string, bigint>
  /** By `kind:value`, for example `number:+8613800138000` or `goods:6021/100`. */
  readonly listings: ReadonlyMap<string, ReadonlySet<Listing>>
  /** Keys that stood for something before this batch. */
  readonly keys: ReadonlyMap<string, Binding>
  /** Messages of this batch that were taken before. */
  readonly repeated: ReadonlySet<string>
  readonly slots: readonly Slot[]
  /** Of every number and client that may enter a code in this batch. */
  readonly guards: ReadonlyMap<string, CodeGuard>
  /** A number of the sandbox: published tests pay with it over and over, so no limit stops it. */
  readonly isTestNumber: (msisdn: string) => boolean
  /** Whether the merchant asked to be told of charges, and so answers for the goods. */
  readonly isTold: (merchantId: string) => boolean
  /** Whether points were ever promised for what is paid from this source. */
  readonly earns: (source: Source) => boolean
  readonly orderNumber: () => bigint
  readonly newId: (bucket: number) => string
  /** A six-digit code, and the hash kept of it. */
  readonly newCode: () => string
  readonly hashCode: (paymentId: string, code: string) => string
}

/** A change of a payment, named by what happened (`charged`, `expired` …). */
export interface Change extends Partial<Payment> {
  readonly state?: State
  readonly pick?: number
}

/** What an event says besides the state it led to. */
type EventData = Readonly<Record<string, unknown>> & { readonly state?: never }

/** What a business key stands for. */
export interface Binding {
  readonly contentHash: string
  readonly subject: string
}

export type Book = ReturnType<typeof openBook>

const unlimited = 2n ** 63n - 1n

export function openBook(facts: Facts) {
  const payments = new Map(facts.payments.map((payment) => [payment.id, payment]))
  /** Ids by number: a batch holds hundreds of payments, and a number has few of them. */
  const byNumber = groupBy(
    payments.values(),
    ({ msisdn }) => msisdn,
    ({ id }) => id,
  )
  const refunds = new Map(facts.refunds.map((refund) => [refund.id, refund]))
  const used = new Map<string, { key: CounterKey; used: bigint }>()
  const lastYes = new Map<string, number>()
  const keys = new Map(facts.keys)
  const bound = new Map<string, Binding>()
  const slots = new Map(facts.slots.map((slot) => [slotName(slot), slot]))
  const slotsByOwner = groupBy(slots.values(), ownerOf, slotName)
  const purses = new Map(facts.purses.map((purse) => [purse.walletId, purse]))
  const current = new Map(
    facts.purses.flatMap((one) => (one.isCurrent ? [[one.msisdn, one] as const] : [])),
  )
  const balances = new Map(facts.balances)
  const made = new Set<string>()
  const changed = new Set<string>()
  const changedSlots = new Set<string>()
  const guards = new Map<string, CodeGuard>()
  const effects = {
    transfers: [] as TransferCommand[],
    /** Work that is due, and deadlines: new, moved, or no longer needed. */
    jobs: [] as NewJob[],
    armed: new Map<string, NewJob>(),
    cancelled: new Map<string, { bucket: number; topic: string; subject: string }>(),
    events: [] as PaymentEvent[],
  }

  const subscriber = (msisdn: string) => facts.subscribers.get(msisdn)

  /** Each event says the state it led to, so that the history alone proves which edges were taken. */
  function record(payment: Versioned, type: string, data: EventData) {
    const { bucket, id: paymentId, version: seq, state, merchantId, client } = payment
    effects.events.push({
      bucket,
      paymentId,
      seq,
      type,
      at: facts.now,
      data: { state, ...data },
      merchantId,
      client,
    })
  }

  function usedOf(key: CounterKey): bigint {
    const name = counterName(key)
    const value = used.get(name)?.used ?? facts.counters.get(name)
    // A counter nobody has read is not zero: writing it would forget what was used.
    assert(value !== undefined, `counter ${key.period} was not loaded`)
    return value
  }

  /** What this batch adds to the day of a merchant: within its cap, unless room is given back. */
  function additionOf({ key, used: after }: { key: CounterKey; used: bigint }): Addition[] {
    if (key.merchantId === undefined) return []
    const amount = after - (facts.counters.get(counterName(key)) ?? 0n)
    if (amount === 0n) return []
    const cap = facts.catalogue.merchant(key.merchantId)?.dailyCap ?? 0n
    return [{ key, amount, max: amount > 0n ? cap : unlimited }]
  }

  return {
    ...facts,
    effects,
    subscriber,
    keyed: (key: { readonly scope: string; readonly key: string }) => keys.get(keyName(key)),
    /** From here on the key stands for `subject`; what is not bound is given back at the end. */
    bindKey(key: BusinessKey, subject: string) {
      const binding = { contentHash: key.contentHash, subject }
      keys.set(keyName(key), binding)
      bound.set(keyName(key), binding)
    },
    payment: (id: string) => payments.get(id),
    refund: (id: string) => refunds.get(id),
    allPayments: () => [...payments.values()],
    openOf: (msisdn: string) =>
      [...(byNumber.get(msisdn) ?? [])]
        .flatMap((id) => payments.get(id) ?? [])
        .filter((payment) => isUnfinished(payment.state))
        .sort(byAge),
    create(row: Versioned, type: string, data: EventData = {}) {
      payments.set(row.id, row)
      addTo(byNumber, row.msisdn, row.id)
      made.add(row.id)
      record(row, type, data)
      return row
    },
    /** Takes an edge of the diagram, or changes a payment within its state. */
    change(id: string, patch: Change, type: string, data: EventData = {}): Versioned {
      const before = payments.get(id)
      assert(before, `payment ${id} is not in the book`)
      const to = patch.state
      assert(
        to === undefined || to === before.state || next[before.state].includes(to),
        `no edge from ${before.state} to ${to}`,
      )
      const after: Versioned = { ...before, ...patch, version: before.version + 1 }
      payments.set(id, after)
      if (!made.has(id)) changed.add(id)
      record(after, type, data)
      return after
    },
    setRefund(refund: Refund) {
      const name = `refund:${refund.id}`
      if (!refunds.has(refund.id)) made.add(name)
      else if (!made.has(name)) changed.add(name)
      refunds.set(refund.id, refund)
    },
    purse: (walletId: string) => purses.get(walletId),
    /** The wallet that is found by the number. */
    purseOf: (msisdn: string) => current.get(msisdn),
    balanceOf: (walletId: string) => balances.get(walletId) ?? 0n,
    /** Below zero when it comes back. */
    spend: (walletId: string, amount: bigint) =>
      balances.set(walletId, (balances.get(walletId) ?? 0n) - amount),
    used: usedOf,
    use(key: CounterKey, amount: bigint) {
      used.set(counterName(key), { key, used: usedOf(key) + amount })
    },
    guardOf(subject: string): CodeGuard {
      const guard = guards.get(subject) ?? facts.guards.get(subject)
      assert(guard, 'the guard of a code was loaded')
      return guard
    },
    setGuard: (guard: CodeGuard) => guards.set(guard.subject, guard),
    listed: (name: string, listing: Listing) => facts.listings.get(name)?.has(listing) ?? false,
    lastYesAt: (msisdn: string) => lastYes.get(msisdn) ?? subscriber(msisdn)?.lastYesAt ?? null,
    setLastYes: (msisdn: string, at: number) => lastYes.set(msisdn, at),
    slot: (key: Pick<Slot, 'msisdn' | 'service' | 'slot'>) => slots.get(slotName(key)),
    slotsOf: (msisdn: string, service: string) =>
      [...(slotsByOwner.get(ownerOf({ msisdn, service })) ?? [])].flatMap(
        (name) => slots.get(name) ?? [],
      ),
    setSlot(slot: Slot) {
      slots.set(slotName(slot), slot)
      addTo(slotsByOwner, ownerOf(slot), slotName(slot))
      changedSlots.add(slotName(slot))
    },
    send(
      payment: { bucket: number },
      outgoing: { to: string; from: string; notice: Notice } & {
        paymentId: string | null
      },
    ) {
      const language = subscriber(outgoing.to)?.language ?? 'zh'
      effects.jobs.push({
        bucket: payment.bucket,
        topic: 'sms.send',
        subject: facts.newId(payment.bucket),
        dueAt: facts.now,
        payload: { language, ...outgoing },
      })
    },
    arm(job: NewJob) {
      const name = `${job.topic}|${job.subject}`
      effects.cancelled.delete(name)
      effects.armed.set(name, job)
    },
    disarm(key: { bucket: number; topic: string; subject: string }) {
      const name = `${key.topic}|${key.subject}`
      effects.armed.delete(name)
      effects.cancelled.set(name, key)
    },
    /** What is due now or later. Of a new payment nothing is due yet, so nothing moves or ends. */
    jobs() {
      const isNew = ({ subject }: { subject: string }) =>
        made.has(subject) || made.has(`refund:${subject}`)
      const armed = [...effects.armed.values()]
      return {
        appended: [...effects.jobs, ...armed.filter(isNew)],
        armed: armed.filter((job) => !isNew(job)),
        cancelled: [...effects.cancelled.values()].filter((job) => !isNew(job)),
      }
    },
    /** What `commands.ts` writes. */
    writes: () => ({
      made: [...payments.values()].filter((payment) => made.has(payment.id)),
      changed: [...payments.values()].filter((payment) => changed.has(payment.id)),
      madeRefunds: [...refunds.values()].filter((refund) => made.has(`refund:${refund.id}`)),
      changedRefunds: [...refunds.values()].filter((refund) => changed.has(`refund:${refund.id}`)),
      counters: [...used.values()].filter(({ key }) => key.merchantId === undefined),
      additions: [...used.values()].flatMap(additionOf),
      lastYes: [...lastYes].map(([msisdn, at]) => ({ msisdn, at })),
      slots: [...changedSlots].flatMap((name) => slots.get(name) ?? []),
      guards: [...guards.values()],
      bound,
    }),
  }
}

export const isUnfinished = (state: State): boolean =>
  (unfinished as readonly State[]).includes(state)

export const keyName = ({ scope, key }: { readonly scope: string; readonly key: string }) =>
  `${scope}|${key}`

const slotName = (slot: Pick<Slot, 'msisdn' | 'service' | 'slot'>) =>
  `${slot.msisdn}|${slot.service}|${slot.slot}`

const ownerOf = ({ msisdn, service }: Pick<Slot, 'msisdn' | 'service'>) => `${msisdn}|${service}`

const byAge = (a: Payment, b: Payment) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)
