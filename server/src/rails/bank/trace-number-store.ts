/** The table `bank_trace_number`: all its SQL. */
import type { Tx } from '../../db/index.ts'
import type { BusinessDate } from '../../kernel/index.ts'

export interface NumberBlock {
  readonly bank: string
  readonly day: BusinessDate
  readonly size: number
  /** No more than these on one day. */
  readonly perDayMax: number
}

/** The first number of a block, counted on for ever; undefined when the day has had all it may have. */
export async function takeBlock(
  tx: Tx,
  { bank, day, size, perDayMax }: NumberBlock,
): Promise<bigint | undefined> {
  const [row] = await tx.query<{ first: bigint }>(
    {
      name: 'bank_trace_number.block',
      text: `insert into bank_trace_number as n (bank, next_number, day, given)
        values ($1, 1 + $3, $2::date, $3)
        on conflict (bank) do update set next_number = n.next_number + $3,
          day = greatest(n.day, excluded.day),
          given = case when excluded.day > n.day then $3 else n.given + $3 end
        where excluded.day > n.day or n.given + $3 <= $4
        returning next_number - $3 as first`,
    },
    [bank, day, size, perDayMax],
  )
  return row?.first
}

/** After a restore: half of all numbers are left out, more than can have been given since. */
export async function skipTraceNumbers(tx: Tx): Promise<void> {
  await tx.query('update bank_trace_number set next_number = next_number + 450000')
}
