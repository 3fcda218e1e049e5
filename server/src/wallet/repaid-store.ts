/** What was repaid of credit cards, as their bills count it. */
import type { CardBill, Repaid } from '../bank-cards/index.ts'
import { int8s, type Reader, type Statement, uuids } from '../db/index.ts'
import { type Amount, bucketOfId } from '../kernel/index.ts'
import { unfinished } from './movement.ts'

const open = unfinished.map((state) => `'${state}'`).join(', ')

const sums: Statement = {
  name: 'wallet_movement.repaid',
  text: `select k.card_id, m.paid, m.on_the_way
    from unnest($1::int2[], $2::uuid[], $3::int8[]) as k (bucket, card_id, since)
    cross join lateral (
      select coalesce(sum(amount) filter (where w.state = 'paid' and w.ended_at > k.since), 0)::int8 as paid,
        coalesce(sum(amount) filter (where w.state in (${open})), 0)::int8 as on_the_way
      from wallet_movement w
      where w.bucket = k.bucket and w.card_id = k.card_id and w.kind = 'repayment'
    ) m`,
}

interface Row {
  readonly card_id: string
  readonly paid: Amount
  readonly on_the_way: Amount
}

/** As far as the clocks of two machines may be apart: what may be counted twice is. */
const clocksApartMs = 5_000

/** Since each bill was asked for. Of a repayment, take the lock of the number first. */
export async function readRepaid(
  reader: Reader,
  bills: readonly Pick<CardBill, 'bindingId' | 'askedAt'>[],
): Promise<(bill: Pick<CardBill, 'bindingId'>) => Repaid> {
  const rows =
    bills.length === 0
      ? []
      : await reader.query<Row>(sums, [
          int8s(bills.map(({ bindingId }) => bucketOfId(bindingId) ?? -1)),
          uuids(bills.map(({ bindingId }) => bindingId)),
          int8s(bills.map(({ askedAt }) => askedAt - clocksApartMs)),
        ])
  const known = new Map(
    rows.map((row) => [row.card_id, { paid: row.paid, onTheWay: row.on_the_way }]),
  )
  return ({ bindingId }) => known.get(bindingId) ?? { paid: 0n, onTheWay: 0n }
}
