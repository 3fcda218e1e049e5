/** What a database that came back from a backup must be told, and what it can tell. */
import type { Reader, Tx } from '../db/index.ts'
import type { State } from './payment.ts'

/** No order number up to this many further on is ever given; answers where they go on. */
export async function skipOrderNumbers(tx: Tx, count: bigint): Promise<bigint> {
  const [row] = await tx.query<{ next: bigint }>(statements.skip, [count])
  return row?.next ?? 0n
}

export interface AsOfBackup {
  /** When the last thing happened that the backup knows of, in ms; null when nothing ever did. */
  readonly lastEventAt: number | null
  /** Purchases and refunds whose outcome the carrier knows better than we. */
  readonly open: readonly { readonly what: State | 'refund'; readonly count: bigint }[]
}

export async function asOfBackup(reader: Reader): Promise<AsOfBackup> {
  const [last] = await reader.query<{ at: bigint | null }>(statements.last)
  const open = await reader.query<{ what: State | 'refund'; count: bigint }>(statements.open)
  return { lastEventAt: last?.at === null || !last ? null : Number(last.at), open }
}

const statements = {
  skip: {
    name: 'order_number.skip',
    text: `select setval('order_number', nextval('order_number') + $1::int8) as next`,
  },
  last: { name: 'payment_event.last', text: 'select max(at) as at from payment_event' },
  open: {
    name: 'payment.open_at_carrier',
    text: `select state as what, count(*) as count from payment
        where state in ('reserving', 'reserved', 'charging', 'charge_unknown', 'reversing')
        group by state
      union all
      select 'refund', count(*) from refund where state in ('processing', 'unknown')
        having count(*) > 0
      order by 1`,
  },
}
