/** After a kill, when everything has settled: what was acknowledged, our books, and the carrier's. */
import { openDatabase, type Reader } from '../../server/src/db/index.ts'
import { offencesIn } from '../books.ts'
import type { Buyers } from './buyers.ts'
import type { LineProcess } from './line-process.ts'

export interface Comparison {
  /** Acknowledged, and not charged or not refunded. */
  readonly lost: readonly string[]
  /** Orders with two payments, and charges the carrier made beside our books. */
  readonly doubled: readonly string[]
  /** Broken invariants, and totals that differ. */
  readonly offences: readonly string[]
  readonly charged: number
}

interface Totals {
  readonly committed: readonly { readonly chargeId: string; readonly amount: string }[]
  readonly net: string
}

export async function compare(
  url: string,
  carrier: LineProcess,
  buyers: Buyers,
): Promise<Comparison> {
  const db = await openDatabase({ url, poolMax: 2 })
  try {
    const theirs = await carrier.ask<Totals>({ ask: 'totals' })
    const sales = await salesOf(db)
    const refunds = new Set(
      (await db.query<{ id: string }>(`select id from refund where state = 'succeeded'`)).map(
        ({ id }) => id,
      ),
    )
    const charged = new Map(sales.map((sale) => [sale.charge_id, sale]))
    const bought = new Set(sales.map((sale) => sale.id))
    const unpaid = buyers.acknowledged.filter(({ paymentId }) => !bought.has(paymentId))
    const unreturned = [...buyers.refunds].filter((id) => !refunds.has(id))
    const stray = theirs.committed.filter(
      ({ chargeId, amount }) => charged.get(chargeId)?.amount !== BigInt(amount),
    )
    const twice = await db.query<{ key: string }>(
      `select merchant_order_id as key from payment group by 1 having count(*) > 1
       union all
       select payment_id::text from refund where state <> 'denied' group by 1 having count(*) > 1`,
    )
    const net = await netOf(db)
    const offences = await offencesIn(db)
    if (net !== BigInt(theirs.net)) offences.push(`we say ${net}, the carrier says ${theirs.net}`)
    if (charged.size !== theirs.committed.length)
      offences.push(`${charged.size} charges here, ${theirs.committed.length} there`)
    return {
      lost: [...unpaid.map(({ orderId }) => orderId), ...unreturned],
      doubled: [...stray.map(({ chargeId }) => chargeId), ...twice.map(({ key }) => key)],
      offences,
      charged: charged.size,
    }
  } finally {
    await db.close()
  }
}

const salesOf = (reader: Reader) =>
  reader.query<{ id: string; charge_id: string; amount: bigint }>(
    'select id, charge_id, amount from payment where charged_at is not null',
  )

async function netOf(reader: Reader): Promise<bigint> {
  const [row] = await reader.query<{ net: bigint }>(
    `select coalesce(sum(debits_posted - credits_posted), 0)::int8 as net from account
      where name like 'carrier-receivable:%'`,
  )
  return row?.net ?? 0n
}

/** What still waits for the carrier. */
export async function openCount(url: string): Promise<number> {
  const db = await openDatabase({ url, poolMax: 1 })
  try {
    const [row] = await db.query<{ count: bigint }>(
      `select count(*) from job where topic in ('payment.drive', 'payment.refund', 'payment.undo',
        'payment.release')`,
    )
    return Number(row?.count ?? 0n)
  } finally {
    await db.close()
  }
}
