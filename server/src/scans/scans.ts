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
  type BusinessTime,
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
} from './scan.ts'
import {
  bucketOfScan,
  insertScans,
  lockScan,
  lockScans,
  nameOf,
  readScan,
  saveScans,
} from './scan-store.ts'
import { topic, undo } from './settle.ts'

export interface ScanTools {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly time: BusinessTime
  readonly log: Log
  readonly codes: Pick<PaymentCodes, 'take' | 'takePlain'>
  readonly payments: Pick<Payments, 'order' | 'get' | 'keyed' | 'cancel' | 'refund' | 'settled'>
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
  const jobOf = ({ bucket, id: subject }: Scan, dueAt: number): NewJob => ({
    ...{ bucket, topic, subject, dueAt, payload: {} },
  })
  function newScan(order: ScanName & { readonly client: string }): Scan {
    const { merchantId, merchantOrderId, client } = order
    const bucket = bucketOfScan(order)
    const createdAt = clock.now()
    const id = ids.next(bucket, createdAt)
    const open = { wanted: null, cancelledAt: null, paymentId: null }
    return { id, bucket, merchantId, merchantOrderId, client, createdAt, ...open }
  }

  const ordered = (order: ScanOrder, taken: Taken): Scan => {
    const { contentHash, amount, goods } = order
    return { ...newScan(order), wanted: { ...taken, contentHash, amount, goods } }
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

  /** The payments become the orders', unless these were cancelled meanwhile. */
  const links = createCoalescer<{ readonly scan: Scan; readonly paymentId: string }, Scan>({
    now: clock.now,
    run: (pairs) =>
      db.transact(async (tx) => {
        const now = await lockScans(
          tx,
          pairs.map(({ scan }) => scan),
        )
        const changed = pairs.map(({ scan, paymentId }) => ({
          ...(now.get(nameOf(scan)) ?? scan),
          paymentId,
        }))
        saveScans(tx, [...new Map(changed.map((scan) => [scan.id, scan])).values()])
        const cancelled = changed.filter(({ cancelledAt }) => cancelledAt !== null)
        armJobs(
          tx,
          cancelled.map((scan) => jobOf(scan, clock.now())),
        )
        return changed
      }),
  })

  async function place(scan: Scan): Promise<Result<Scan, ScanRefusal>> {
    const { wanted, merchantId, merchantOrderId, client } = scan
    if (wanted === null || scan.paymentId !== null) return accept(scan)
    const { msisdn, amount, goods } = wanted
    const { source, card, asksPin } = await tools.fundsFor(msisdn, amount)
    const order: Order = {
      ...{ msisdn, merchantId, what: { amount, goods }, channel: 'api', flow: 'charge', client },
      consent: asksPin ? 'app' : 'device',
      codeProof: asksPin ? 'two_factors' : 'one_factor',
      ...(source === 'wallet' && { source }),
      ...(source === 'card' && { card }),
      replyMs: answerMs,
      keys: [keyOf(scan, wanted)],
      merchantOrderId,
    }
    const placed = await payments.order(order)
    const payment = placed.ok ? placed.value.payment : placed.payment
    if (!placed.ok && placed.refusal === 'exists_with_different_content')
      return refuse(placed.refusal)
    return accept(payment ? await links.submit({ scan, paymentId: payment.id }) : scan)
  }

  return {
    /** Answers when the payment is ordered, or at most `waitMs` later when somebody else has to pay it. */
    async scan(order: ScanOrder, waitMs: number): Promise<Result<Seen, ScanRefusal>> {
      const scan = await accepted(order)
      if (!scan.ok) return scan
      const placed = await place(scan.value)
      if (!placed.ok) return placed
      const { paymentId } = placed.value
      const payment = paymentId === null ? undefined : await payments.settled(paymentId, waitMs)
      if (!payment) return accept(await see(placed.value))
      return accept({ scan: placed.value, payment, outcome: outcomeOf(placed.value, payment) })
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
        const changed = { ...(scan ?? newScan(order)), cancelledAt }
        if (scan) {
          saveScans(tx, [changed])
          armJobs(tx, [jobOf(changed, cancelledAt)])
        } else await insertScans(tx, [changed])
        return changed
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
