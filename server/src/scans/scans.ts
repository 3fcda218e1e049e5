/** The front door of scans: a till brings a code, asks, and cancels; what is left to time is in `settle.ts`. */
import {
  armJobs,
  createCoalescer,
  type Database,
  type Log,
  type NewJob,
  type Tx,
} from '../db/index.ts'
import {
  type Amount,
  accept,
  assert,
  type BusinessTime,
  bucketOf,
  type Clock,
  type Ids,
  type Msisdn,
  type Result,
  refuse,
} from '../kernel/index.ts'
import type { PaymentCodes, Taken, TakeRefusal } from '../payment-codes/index.ts'
import type { CardTerms, Name, Order, Payment, Payments } from '../payments/index.ts'
import { keyOf, paymentOf } from './paid-by.ts'
import {
  answerMs,
  graceAtMidnightMs,
  type Outcome,
  outcomeOf,
  placedWithinMs,
  type Scan,
  type ScanName,
  type Wanted,
} from './scan.ts'
import {
  bucketOfScan,
  insertScans,
  lockScan,
  lockScans,
  nameOf,
  readCancelled,
  readScan,
  saveCancelled,
} from './scan-store.ts'
import { topic, undo } from './settle.ts'

export interface ScanTools {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly time: BusinessTime
  readonly log: Log
  readonly codes: Pick<PaymentCodes, 'take' | 'takePlain'>
  readonly payments: Pick<Payments, 'order' | 'get' | 'cancel' | 'refund' | 'settled'>
  readonly fundsFor: (msisdn: Msisdn, amount: Amount) => Promise<Funds>
}

/** The first in the customer's order that can pay all of it. */
export interface Funds {
  readonly source: 'wallet' | 'card' | 'phone_bill'
  readonly card: CardTerms | null
  /** The PIN is asked for on the handset, however little it is. */
  readonly asksPin: boolean
}

export interface ScanOrder extends ScanName {
  readonly client: string
  readonly till: string
  readonly digits: string
  readonly amount: Amount
  readonly goods: Name
  /** Of all that the till has sent. */
  readonly contentHash: string
}

export interface Seen {
  readonly scan: Scan
  readonly payment: Payment | undefined
  readonly outcome: Outcome
}

export type ScanRefusal = TakeRefusal | 'exists_with_different_content' | 'order_cancelled'
export type CancelRefusal = 'cancel_period_over'

export type Scans = ReturnType<typeof createScans>

export function createScans(tools: ScanTools) {
  const { db, clock, ids, codes, payments } = tools

  async function see(scan: Scan): Promise<Seen> {
    const payment = await paymentOf(tools, scan)
    return { scan, payment, outcome: outcomeOf(scan, payment) }
  }
  const jobOf = ({ bucket, id: subject }: Scan, dueAt: number): NewJob => {
    return { bucket, topic, subject, dueAt, payload: {} }
  }
  function newScan(
    order: ScanName & { readonly client: string },
    intent: Pick<Scan, 'wanted' | 'paymentId' | 'cancelledAt'>,
  ): Scan {
    const bucket = bucketOfScan(order)
    const createdAt = clock.now()
    return {
      id: ids.next(bucket, createdAt),
      bucket,
      merchantId: order.merchantId,
      merchantOrderId: order.merchantOrderId,
      client: order.client,
      wanted: intent.wanted,
      createdAt,
      cancelledAt: intent.cancelledAt,
      paymentId: intent.paymentId,
    }
  }

  function ordered(order: ScanOrder, { msisdn, alias, step }: Taken): Scan {
    const { contentHash, amount, goods } = order
    const wanted = { contentHash, msisdn, alias, step, amount, goods }
    const paymentId = ids.next(bucketOf(msisdn), clock.now())
    return newScan(order, { wanted, paymentId, cancelledAt: null })
  }
  async function begin(tx: Tx, scans: readonly Scan[]): Promise<void> {
    await insertScans(tx, scans)
    armJobs(
      tx,
      scans.map((scan) => jobOf(scan, scan.createdAt + placedWithinMs)),
    )
  }

  /** Code and order in one transaction; the same order again is the one there is. */
  const acceptedAlone = (order: ScanOrder): Promise<Result<Scan, ScanRefusal>> =>
    db.transact(async (tx) => {
      const earlier = await lockScan(tx, order)
      if (earlier && earlier.cancelledAt !== null) return refuse('order_cancelled')
      if (earlier)
        return earlier.wanted?.contentHash === order.contentHash
          ? accept(earlier)
          : refuse('exists_with_different_content')
      const taken = await codes.take(tx, order)
      if (!taken.ok) return taken
      const scan = ordered(order, taken.value)
      await begin(tx, [scan])
      return accept(scan)
    })

  /**
   * Orders of one moment share a transaction, as far as they are new and their codes plainly right. Undefined for
   * one that has to be looked at alone.
   */
  async function acceptTogether(
    tx: Tx,
    orders: readonly ScanOrder[],
  ): Promise<(Scan | undefined)[]> {
    const names = new Map(orders.map((order) => [nameOf(order), order]))
    const known = await lockScans(tx, [...names.values()])
    const fresh = [...names.values()].filter((order) => !known.has(nameOf(order)))
    // A code that two orders bring is of one of them.
    const byDigits = new Map(fresh.map((order) => [order.digits, order]))
    const taken = await codes.takePlain(tx, [...byDigits.values()])
    const scans = new Map<ScanOrder, Scan>()
    for (const [digits, order] of byDigits) {
      const one = taken.get(digits)
      if (one) scans.set(order, ordered(order, one))
    }
    await begin(tx, [...scans.values()])
    return orders.map((order) => scans.get(order))
  }
  const together = createCoalescer<ScanOrder, Scan | undefined>({
    now: clock.now,
    run: (orders) => db.transact((tx) => acceptTogether(tx, orders)),
  })
  async function accepted(order: ScanOrder): Promise<Result<Scan, ScanRefusal>> {
    const scan = await together.submit(order)
    return scan ? accept(scan) : acceptedAlone(order)
  }

  /** Since when they are cancelled, those of one moment in one read. */
  const cancelled = createCoalescer<Scan, number | null>({
    now: clock.now,
    async run(scans) {
      const since = await readCancelled(db, scans)
      return scans.map(({ id }) => since.get(id) ?? null)
    },
  })

  /** Also of an order that was cancelled meanwhile: then what was paid goes back. */
  async function place(scan: Scan, wanted: Wanted): Promise<Result<Seen, ScanRefusal>> {
    const placed = await payments.order(await orderOf(scan, wanted))
    if (!placed.ok && placed.refusal === 'exists_with_different_content')
      return refuse(placed.refusal)
    const payment = (placed.ok ? placed.value.payment : placed.payment) ?? undefined
    const cancelledAt = await cancelled.submit(scan)
    if (cancelledAt === null) return accept({ scan, payment, outcome: outcomeOf(scan, payment) })
    if (payment) await undo(tools, payment)
    return accept(await see({ ...scan, cancelledAt }))
  }

  async function orderOf(scan: Scan, wanted: Wanted): Promise<Order> {
    const { merchantId, merchantOrderId, client, paymentId } = scan
    const { msisdn, amount, goods } = wanted
    const { source, card, asksPin } = await tools.fundsFor(msisdn, amount)
    return {
      msisdn,
      merchantId,
      what: { amount, goods },
      channel: 'api',
      flow: 'charge',
      client,
      consent: asksPin ? 'app' : 'device',
      codeProof: asksPin ? 'two_factors' : 'one_factor',
      ...(source === 'wallet' && { source }),
      ...(source === 'card' && { card }),
      replyMs: answerMs,
      keys: [keyOf(scan, wanted)],
      merchantOrderId,
      ...(paymentId !== null && { paymentId }),
    }
  }

  return {
    /** Answers when the payment is ordered, or at most `waitMs` later when somebody else has to pay it. */
    async scan(order: ScanOrder, waitMs: number): Promise<Result<Seen, ScanRefusal>> {
      const taken = await accepted(order)
      if (!taken.ok) return taken
      const { wanted } = taken.value
      assert(wanted, 'an order that was taken wants something')
      const placed = await place(taken.value, wanted)
      if (!placed.ok) return placed
      const { scan, payment, outcome } = placed.value
      if (outcome !== 'unknown' || !payment) return placed
      const settled = await payments.settled(payment.id, waitMs)
      return accept({ scan, payment: settled, outcome: outcomeOf(scan, settled) })
    },

    async get(name: ScanName): Promise<Seen | undefined> {
      const scan = await readScan(db, name)
      return scan && see(scan)
    },

    /**
     * For good, also of an order that has not come: it never will. What waits is withdrawn, what is paid goes back,
     * and what nobody knows is taken back as soon as it is known.
     */
    async cancel(
      order: ScanName & { readonly client: string },
    ): Promise<Result<Seen, CancelRefusal>> {
      const before = await this.get(order)
      if (before && isTooLate(tools, before)) return refuse('cancel_period_over')
      const cancelled = await db.transact(async (tx) => {
        const cancelledAt = clock.now()
        const scan = await lockScan(tx, order)
        if (scan?.cancelledAt != null) return scan
        if (scan) {
          saveCancelled(tx, scan, cancelledAt)
          armJobs(tx, [jobOf(scan, cancelledAt)])
          return { ...scan, cancelledAt }
        }
        const nothing = newScan(order, { wanted: null, paymentId: null, cancelledAt })
        await insertScans(tx, [nothing])
        return nothing
      })
      const payment = await paymentOf(tools, cancelled)
      if (payment) await undo(tools, payment)
      return accept(await see(cancelled))
    },
  }
}

/** Paid on a day that is over: that is refunded, not cancelled. */
function isTooLate({ time, clock }: ScanTools, { scan, payment }: Seen): boolean {
  const paidAt = payment?.chargedAt ?? null
  if (paidAt === null || scan.cancelledAt !== null) return false
  return time.dateOf(paidAt) < time.dateOf(clock.now() - graceAtMidnightMs)
}
