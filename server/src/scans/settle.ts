/**
 * What scans leave to time. An order whose payment was never placed is cancelled, so that it never will be; the
 * payment of a cancelled order is withdrawn or given back, however late it turns out to be paid.
 */
import {
  createWorker,
  eachJob,
  type Job,
  type JobOutcome,
  type NewJob,
  type Worker,
} from '../db/index.ts'
import { assert } from '../kernel/index.ts'
import type { Payment } from '../payments/index.ts'
import { paymentOf } from './paid-by.ts'
import { mayComeMs, type Scan } from './scan.ts'
import { lockScan, saveCancelled, scanById } from './scan-store.ts'
import type { ScanTools } from './scans.ts'

const topic = 'scan.settle'

export const jobOf = ({ bucket, id: subject }: Scan, dueAt: number): NewJob => {
  return { bucket, topic, subject, dueAt, payload: {} }
}

/** The money is not the merchant's any more, or its way back is the payments' own care; false while it is open. */
export async function undo({ payments, log }: ScanTools, payment: Payment): Promise<boolean> {
  const { id: paymentId, msisdn, merchantId, merchantOrderId } = payment
  switch (payment.state) {
    case 'awaiting_confirm':
      return (await payments.cancel({ paymentId, msisdn })).ok
    case 'delivering':
    case 'delivery_unknown':
    case 'delivered': {
      if (payment.refunded + payment.refunding >= payment.amount) return true
      const key = { scope: `scan-cancel:${merchantId}`, key: merchantOrderId ?? paymentId }
      const refund = await payments.refund({
        paymentId,
        msisdn,
        reason: 'cancelled at the till',
        keys: [{ ...key, contentHash: paymentId }],
      })
      if (!refund.ok)
        log.error({ paymentId, refusal: refund.refusal }, 'a cancelled scan stays paid')
      return refund.ok
    }
    case 'reserving':
    case 'reserved':
    case 'charging':
    case 'charge_unknown':
    case 'reversing':
      return false
    default:
      return true
  }
}

/** Asked again after a twentieth of its age: seconds at first, an hour at last. */
const againMs = (ageMs: number) => Math.min(3_600_000, Math.max(2_000, Math.ceil(ageMs / 20)))

export function createScanWorker(tools: ScanTools, concurrency = 1): Worker {
  const { db, clock, log } = tools
  const onError = (error: unknown) => log.error({ err: error, topic }, 'a scan was not settled')

  async function handle({ subject }: Job): Promise<JobOutcome> {
    const found = await scanById(db, subject)
    if (!found) return { kind: 'done' }
    if (found.cancelledAt === null && (await paymentOf(tools, found))) return { kind: 'done' }
    const cancelledAt = found.cancelledAt ?? (await giveUp(found))
    const age = clock.now() - cancelledAt
    const payment = await paymentOf(tools, found)
    const isOver = payment ? await undo(tools, payment) : age > mayComeMs
    return isOver ? { kind: 'done' } : { kind: 'next', dueAt: clock.now() + againMs(age) }
  }
  /** Since when it is cancelled. A payment that is under way meanwhile is looked for after this. */
  const giveUp = (found: Scan) =>
    db.transact(async (tx) => {
      const scan = await lockScan(tx, found)
      assert(scan, 'an order is never deleted')
      if (scan.cancelledAt !== null) return scan.cancelledAt
      const at = clock.now()
      saveCancelled(tx, scan, at)
      return at
    })
  return createWorker({
    ...{ db, clock, topic, onError, concurrency },
    handler: eachJob({ clock, handle, onError }),
  })
}
