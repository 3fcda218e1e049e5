/** The tables `staff_voucher` and `staff_voucher_month`: all their SQL. */
import type { Reader, Tx } from '../db/index.ts'
import type { Voucher, VoucherContent } from './voucher.ts'

interface Row {
  readonly number: string
  readonly act: string
  readonly office: string
  readonly state: Voucher['state']
  readonly content: VoucherContent | null
  readonly issued_at: bigint | null
  readonly prints: number
}

const columns = 'number, act, office, state, content, issued_at, prints'

const voucherOf = ({ issued_at: issuedAt, ...row }: Row): Voucher => ({
  ...row,
  issuedAt: issuedAt === null ? null : Number(issuedAt),
})

/** The month's next place. The month is locked until the transaction ends: no place twice, none left out. */
export async function nextPlace(tx: Tx, month: string): Promise<number> {
  const [row] = await tx.query<{ last: number }>(
    `insert into staff_voucher_month as m (month, last) values ($1, 1)
     on conflict (month) do update set last = m.last + 1 returning last`,
    [month],
  )
  if (!row) throw new Error('the month gave no place')
  return row.last
}

export async function insertVoucher(
  tx: Tx,
  { number, act, office }: Pick<Voucher, 'number' | 'act' | 'office'>,
): Promise<void> {
  await tx.query(
    `insert into staff_voucher (number, act, office, state) values ($1, $2, $3, 'reserved')`,
    [number, act, office],
  )
}

export async function issueVoucher(
  tx: Tx,
  given: { readonly number: string; readonly content: VoucherContent; readonly at: number },
): Promise<void> {
  await tx.query(
    `update staff_voucher set state = 'issued', content = $2::jsonb, issued_at = $3::int8
     where number = $1`,
    [given.number, JSON.stringify(given.content), given.at],
  )
}

export async function voidVoucher(tx: Tx, number: string): Promise<void> {
  await tx.query(`update staff_voucher set state = 'void' where number = $1`, [number])
}

export async function readVoucher(reader: Reader, number: string): Promise<Voucher | undefined> {
  const [row] = await reader.query<Row>(`select ${columns} from staff_voucher where number = $1`, [
    number,
  ])
  return row && voucherOf(row)
}

/** The voucher with this print counted; undefined where it was not issued in this office. */
export async function countPrint(
  tx: Tx,
  given: { readonly number: string; readonly office: string },
): Promise<Voucher | undefined> {
  const [row] = await tx.query<Row>(
    `update staff_voucher set prints = prints + 1
     where number = $1 and office = $2 and state = 'issued' returning ${columns}`,
    [given.number, given.office],
  )
  return row && voucherOf(row)
}
