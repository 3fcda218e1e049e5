/** The front door of scans: a till brings a code, asks, and cancels; what is left to time is in `settle.ts`. */
import { armJobs, createCoalescer, type Database, type Log, type Tx } from '../db/index.ts'
import {
  type Amount,
  accept,
  type BusinessTime,
  type Clock,
  type Ids,
  type Result,
  refuse,
} from '../kernel/index.ts'
import type { PaymentCodes, TakeRefusal } from '../payment-codes/index.ts'
import type { CardTerms, Name, Payment, Payments } from '../payments/index.ts'
import { type Accepted, createAccepting } from './accepting.ts'
import { orderOf, paymentOf } from './paid-by.ts'
import {
  bucketOfScan,
  graceAtMidnightMs,
  type Outcome,
  outcomeOf,
  type Scan,
  type ScanName,
  type Wanted,
} from './scan.ts'
import { insertScans, lockScan, readCancelled, readScan, saveCancelled } from './scan-store.ts'
import { jobOf, undo } from './settle.ts'

export interface ScanTools {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly time: BusinessTime
  readonly log: Log
  readonly codes: Pick<PaymentCodes, 'take' | 'plain' | 'use'>
  readonly payments: Pick<
    Payments,
    'order' | 'openOrders' | 'get' | 'cancel' | 'refund' | 'settled'
  >
  readonly fundsFor: (wish: Wish) => Promise<Funds>
  /** As far as it is plain whom they want to pay first; looked at no further, for the order is checked anyway. */
  readonly firstFunds: (tx: Tx, wishes: readonly Wish[]) => Promise<readonly (Funds | undefined)[]>
}

export type Wish = Pick<Wanted, 'msisdn' | 'amount'>

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
  const { db, clock, ids, payments } = tools
  const accepting = createAccepting(tools)

  async function see(scan: Scan): Promise<Seen> {
    const payment = await paymentOf(tools, scan)
    return { scan, payment, outcome: outcomeOf(scan, payment) }
  }
  function neverCame(order: ScanName & { readonly client: string }, cancelledAt: number): Scan {
    const { merchantId, merchantOrderId, client } = order
    const bucket = bucketOfScan(order)
    const id = ids.next(bucket, cancelledAt)
    const nothing = { wanted: null, paymentId: null, createdAt: cancelledAt, cancelledAt }
    return { id, bucket, merchantId, merchantOrderId, client, ...nothing }
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
  async function place({ scan }: Pick<Accepted, 'scan'>): Promise<Result<Seen, ScanRefusal>> {
    const { wanted } = scan
    const funds = await tools.fundsFor(wanted)
    const placed = await payments.order(orderOf(scan, wanted, funds))
    if (!placed.ok && placed.refusal === 'exists_with_different_content')
      return refuse(placed.refusal)
    const payment = (placed.ok ? placed.value.payment : placed.payment) ?? undefined
    const cancelledAt = await cancelled.submit(scan)
    if (cancelledAt === null) return accept({ scan, payment, outcome: outcomeOf(scan, payment) })
    if (payment) await undo(tools, payment)
    return accept(await see({ ...scan, cancelledAt }))
  }

  return {
    /** Answers when the payment is ordered, or at most `waitMs` later when somebody else has to pay it. */
    async scan(order: ScanOrder, waitMs: number): Promise<Result<Seen, ScanRefusal>> {
      const accepted = await accepting(order)
      if (!accepted.ok) return accepted
      const { scan: made, payment: paid } = accepted.value
      const placed = paid
        ? accept({ scan: made, payment: paid, outcome: outcomeOf(made, paid) })
        : await place(accepted.value)
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
        const nothing = neverCame(order, cancelledAt)
        insertScans(tx, [nothing])
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
