/** Our books and the carrier's, side by side: sums, without looking at how they came to be. */
import type { Reader } from '../../server/src/db/index.ts'
import { defaultPolicy } from '../../server/src/risk/index.ts'
import type { Billing } from '../../simulators/src/boss/billing.ts'

/** A payment as the database has it. */
export interface Row {
  readonly id: string
  readonly order_no: string
  readonly state: string
  readonly msisdn: string
  readonly merchant_id: string
  readonly merchant_order_id: string | null
  readonly charge_id: string | null
  readonly channel: string
  readonly source: string
  readonly consent: string
  readonly sender: string | null
  readonly amount: bigint
  readonly refunded: bigint
  readonly refunding: bigint
  readonly confirmed_at: bigint | null
  readonly being_undone: boolean
}

/** All payments, in the order in which they were made. */
export const paymentRows = (reader: Reader): Promise<Row[]> =>
  reader.query<Row>(
    `select id, order_no, state, msisdn, merchant_id, merchant_order_id, charge_id, channel, source,
      consent, sender, amount, refunded, refunding, confirmed_at, exists (
        select from job where topic = 'payment.undo' and subject = payment.id::text
      ) as being_undone
     from payment order by id`,
  )

export const paid = ['delivering', 'delivery_unknown', 'delivered', 'delivery_failed', 'refunded']
export const notCharged = ['refused', 'cancelled', 'expired', 'charge_failed', 'reversed']
export const open = [
  'awaiting_confirm',
  'reserving',
  'reserved',
  'charging',
  'charge_unknown',
  'reversing',
]

/** By the carrier's own books: what a number was charged in a day and a month, less what came back. */
export function overLimits(all: readonly Row[], billing: Billing): string[] {
  const numbers = new Map(all.map((row) => [row.charge_id ?? '', row.msisdn]))
  const spent = new Map<string, bigint>()
  for (const { chargeId, status, amount, refunded } of billing.charges()) {
    const msisdn = numbers.get(chargeId)
    if (status !== 'committed' || msisdn === undefined) continue
    const net = (amount ?? 0n) - refunded
    for (const period of [chargeId.slice(2, 10), chargeId.slice(2, 8)])
      spent.set(`${msisdn} ${period}`, (spent.get(`${msisdn} ${period}`) ?? 0n) + net)
  }
  const limitOf = (key: string) =>
    key.split(' ')[1]?.length === 8 ? defaultPolicy.dayLimit : defaultPolicy.monthLimit
  return [...spent]
    .filter(([key, net]) => net > limitOf(key))
    .map(([key, net]) => `the carrier charged ${net} to ${key}`)
}

/** Merchant by merchant, the carrier's books and ours say the same when nothing is open. */
export function totalsOffences(all: readonly Row[], billing: Billing): string[] {
  const ours = new Map<string, bigint>()
  for (const row of all)
    if (row.source === 'phone_bill' && paid.includes(row.state))
      ours.set(row.merchant_id, (ours.get(row.merchant_id) ?? 0n) + row.amount - row.refunded)
  const theirs = billing.ledgerTotals()
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((merchant) => {
    const [mine, carriers] = [ours.get(merchant) ?? 0n, theirs.get(merchant)?.net ?? 0n]
    return mine === carriers ? [] : [`${merchant}: ${mine} here and ${carriers} at the carrier`]
  })
}
