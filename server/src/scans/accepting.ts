/** A code taken and its order written down, and where its money is plain, paid: all of it in one transaction. */
import { armJobs, createCoalescer, type Tx } from '../db/index.ts'
import { accept, bucketOf, type Result, refuse } from '../kernel/index.ts'
import type { Taken } from '../payment-codes/index.ts'
import type { AcceptedOrders, Payment } from '../payments/index.ts'
import { orderOf } from './paid-by.ts'
import { bucketOfScan, patienceMs, placedWithinMs, type Scan, type Wanted } from './scan.ts'
import { insertScans, lockScan, lockScans, nameOf } from './scan-store.ts'
import type { ScanOrder, ScanRefusal, ScanTools } from './scans.ts'
import { jobOf } from './settle.ts'

export interface Accepted {
  readonly scan: Scan & { readonly wanted: Wanted }
  /** Undefined while the order is to be placed. */
  readonly payment: Payment | undefined
}

export function createAccepting(tools: ScanTools) {
  const { db, clock, ids, codes, payments } = tools

  function scanOf(order: ScanOrder, { msisdn, alias, step }: Taken): Accepted['scan'] {
    const { merchantId, merchantOrderId, client, contentHash, amount, goods } = order
    const bucket = bucketOfScan(order)
    const createdAt = clock.now()
    return {
      ...{
        id: ids.next(bucket, createdAt),
        bucket,
        merchantId,
        merchantOrderId,
        client,
        createdAt,
      },
      wanted: { contentHash, msisdn, alias, step, amount, goods },
      cancelledAt: null,
      paymentId: ids.next(bucketOf(msisdn), createdAt),
    }
  }
  /** Whoever dies before the payment of these is placed leaves it to the timer. */
  const toBePlaced = (tx: Tx, scans: readonly Scan[]): void =>
    armJobs(
      tx,
      scans.map((scan) => jobOf(scan, scan.createdAt + placedWithinMs)),
    )

  /** The same order again is the one there is. */
  const alone = (order: ScanOrder): Promise<Result<Accepted, ScanRefusal>> =>
    db.transact(async (tx) => {
      const earlier = await lockScan(tx, order)
      if (earlier && earlier.cancelledAt !== null) return refuse('order_cancelled')
      if (earlier)
        return earlier.wanted?.contentHash === order.contentHash
          ? accept({ scan: { ...earlier, wanted: earlier.wanted }, payment: undefined })
          : refuse('exists_with_different_content')
      const taken = await codes.take(tx, order)
      if (!taken.ok) return taken
      const scan = scanOf(order, taken.value)
      insertScans(tx, [scan])
      toBePlaced(tx, [scan])
      return accept({ scan, payment: undefined })
    })

  /** Those that are paid from where their owners want it first, as far as no check refuses it. */
  async function paid(
    tx: Tx,
    place: AcceptedOrders,
    scans: readonly Accepted['scan'][],
  ): Promise<Map<Scan, Payment>> {
    const funds = await tools.firstFunds(
      tx,
      scans.map(({ wanted }) => wanted),
    )
    const orders = scans.flatMap((scan, n) => {
      const from = funds[n]
      return from ? [{ scan, order: orderOf(scan, scan.wanted, from) }] : []
    })
    if (orders.length === 0) return new Map()
    const payments = await place(orders.map(({ order }) => order))
    return new Map(
      orders.flatMap(({ scan }, n) => {
        const payment = payments[n]
        return payment ? [[scan, payment] as const] : []
      }),
    )
  }

  /**
   * Those of one moment, as far as they are new and their codes plainly right. Undefined for one that has to be
   * looked at alone.
   */
  async function together(
    tx: Tx,
    place: AcceptedOrders,
    orders: readonly ScanOrder[],
  ): Promise<(Accepted | undefined)[]> {
    const names = new Map(orders.map((order) => [nameOf(order), order]))
    // A code that two orders bring is of one of them.
    const byDigits = new Map([...names.values()].map((order) => [order.digits, order]))
    const [known, plain] = await Promise.all([
      lockScans(tx, [...names.values()]),
      codes.plain(tx, [...byDigits.values()]),
    ])
    const scans = new Map<ScanOrder, Accepted['scan']>()
    const used: Taken[] = []
    for (const [digits, order] of byDigits) {
      const taken = plain.get(digits)
      if (!taken || known.has(nameOf(order))) continue
      used.push(taken)
      scans.set(order, scanOf(order, taken))
    }
    codes.use(tx, used)
    const made = [...scans.values()]
    insertScans(tx, made)
    const payments = await paid(tx, place, made)
    toBePlaced(
      tx,
      made.filter((scan) => !payments.has(scan)),
    )
    return orders.map((order) => {
      const scan = scans.get(order)
      return scan && { scan, payment: payments.get(scan) }
    })
  }
  const orderWithin = payments.openOrders()
  const coalesced = createCoalescer<ScanOrder, Accepted | undefined>({
    now: clock.now,
    run: (orders, mustBeInTime) =>
      orderWithin(async (tx, place) => {
        const accepted = await together(tx, place, orders)
        mustBeInTime()
        return accepted
      }),
  })

  return async (order: ScanOrder): Promise<Result<Accepted, ScanRefusal>> => {
    const accepted = await coalesced.submit(order, { deadline: clock.now() + patienceMs })
    return accepted ? accept(accepted) : alone(order)
  }
}
