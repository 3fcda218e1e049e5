/** What the day's files are made of. Rows of a closed day never change, so neither do the files. */
import type { Reader, Tx } from '../db/index.ts'
import type { BusinessDate, BusinessTime } from '../kernel/index.ts'
import type { Source } from '../payments/index.ts'
import { type LayoutVersion, layoutNow, type StatementFormat } from './format.ts'
import type { SourceTotals, StatementLine, StatementTotals } from './line.ts'

interface LineRow {
  readonly kind: 'sale' | 'refund'
  readonly merchant_id: string
  readonly product: string
  readonly msisdn: string
  readonly order_id: string
  readonly created_at: bigint
  readonly posted_on: string
  readonly posted_at: bigint
  readonly amount: bigint
  readonly source: Source
  readonly region: string
  readonly refund_id: string
  readonly id: string
}

const lines = `
  select 'sale' as kind, p.merchant_id, p.product, p.msisdn,
      coalesce(p.merchant_order_id, p.order_no) as order_id, p.created_at,
      p.business_date as posted_on, p.charged_at as posted_at, p.amount, p.source, p.region,
      '' as refund_id, p.id
    from payment p where p.merchant_id = $1 and p.business_date = $2::date
  union all
  select 'refund', p.merchant_id, p.product, p.msisdn,
      coalesce(p.merchant_order_id, p.order_no), p.created_at,
      r.business_date, r.ended_at, r.amount, p.source, p.region,
      coalesce(r.merchant_refund_id, r.id::text), r.id
    from refund r join payment p on p.bucket = r.bucket and p.id = r.payment_id
    where r.merchant_id = $1 and r.business_date = $2::date`

// By the bytes of the order number: another database may sort letters otherwise, and the file must not.
const declareLines = `declare statement_lines no scroll cursor for
  select * from (${lines}) l order by posted_at, order_id collate "C", id`

/** The lines of a merchant's day in their fixed order, a page at a time; inside a transaction. */
export async function* linesOf(
  reader: Reader,
  time: BusinessTime,
  day: { readonly merchantId: string; readonly date: BusinessDate },
  pageSize = 5_000,
): AsyncGenerator<StatementLine[]> {
  await reader.query(declareLines, [day.merchantId, day.date])
  for (;;) {
    const rows = await reader.query<LineRow>(`fetch ${pageSize} from statement_lines`)
    if (rows.length > 0) yield rows.map((row) => toLine(time, row))
    if (rows.length < pageSize) break
  }
  await reader.query('close statement_lines')
}

const toLine = (time: BusinessTime, row: LineRow): StatementLine => ({
  kind: row.kind,
  merchantId: row.merchant_id,
  goods: row.product,
  msisdn: row.msisdn,
  orderId: row.order_id,
  orderedOn: time.dateOf(Number(row.created_at)),
  postedOn: row.posted_on,
  postedTime: time.localOf(Number(row.posted_at)).slice(11).replaceAll(':', ''),
  amount: row.amount,
  source: row.source,
  settleOn: row.posted_on,
  region: row.region,
  refundId: row.refund_id,
})

/** Counts and sums of a business date, of one merchant or of all. */
export async function totalsOf(
  reader: Reader,
  date: BusinessDate,
  merchantId: string | null,
): Promise<StatementTotals> {
  const rows = await reader.query<SourceTotals & { readonly source: Source }>(
    `select source, sum(sales_count)::int8 as "salesCount", sum(sales)::int8 as sales,
        sum(refunds_count)::int8 as "refundsCount", sum(refunds)::int8 as refunds
      from (
        select source, count(*) as sales_count, sum(amount) as sales, 0 as refunds_count, 0 as refunds
          from payment where business_date = $1::date and ($2::text is null or merchant_id = $2)
          group by source
        union all
        select p.source, 0, 0, count(*), sum(r.amount)
          from refund r join payment p on p.bucket = r.bucket and p.id = r.payment_id
          where r.business_date = $1::date and ($2::text is null or r.merchant_id = $2)
          group by p.source) t
      group by source`,
    [date, merchantId],
  )
  const of = (source: Source) => rows.find((row) => row.source === source) ?? nothing
  const bySource = {
    phone_bill: sums(of('phone_bill')),
    card: sums(of('card')),
    wallet: sums(of('wallet')),
  }
  return { ...added(added(bySource.phone_bill, bySource.card), bySource.wallet), bySource }
}

const nothing: SourceTotals = { salesCount: 0n, sales: 0n, refundsCount: 0n, refunds: 0n }
const added = (a: SourceTotals, b: SourceTotals): SourceTotals => ({
  salesCount: a.salesCount + b.salesCount,
  sales: a.sales + b.sales,
  refundsCount: a.refundsCount + b.refundsCount,
  refunds: a.refunds + b.refunds,
})
const sums = (row: SourceTotals) => added(row, nothing)

/** How the statements of a closed day are laid out. Days before the first that was closed have no lines. */
export async function layoutVersionOf(reader: Reader, date: BusinessDate): Promise<LayoutVersion> {
  const [row] = await reader.query<{ statement_layout: LayoutVersion }>(
    'select statement_layout from closed_day where date = $1::date',
    [date],
  )
  return row?.statement_layout ?? 1
}

/**
 * Sales less refunds that the ledger posted for merchants on a date, by merchant: what is pending, and
 * what is payable already.
 */
export async function ledgerNetOf(
  reader: Reader,
  date: BusinessDate,
): Promise<Map<string, bigint>> {
  const rows = await reader.query<{ merchant_id: string; net: bigint }>(
    `select split_part(name, ':', 2) as merchant_id, sum(net)::int8 as net from (
        select credit_account as name, amount as net from transfer
          where business_date = $1::date and kind in ('transfer', 'post')
            and reason in ('charge', 'payment', 'refund') and credit_account like 'merchant-p%'
        union all
        select debit_account, -amount from transfer
          where business_date = $1::date and kind in ('transfer', 'post')
            and reason in ('charge', 'payment', 'refund') and debit_account like 'merchant-p%') t
      group by merchant_id having sum(net) <> 0`,
    [date],
  )
  return new Map(rows.map((row) => [row.merchant_id, row.net]))
}

/** Sales less refunds by the payments' own rows, by merchant. */
export async function bookNetOf(reader: Reader, date: BusinessDate): Promise<Map<string, bigint>> {
  const rows = await reader.query<{ merchant_id: string; net: bigint }>(
    `select merchant_id, sum(net)::int8 as net from (
        select merchant_id, amount as net from payment where business_date = $1::date
        union all
        select merchant_id, -amount from refund where business_date = $1::date) t
      group by merchant_id having sum(net) <> 0`,
    [date],
  )
  return new Map(rows.map((row) => [row.merchant_id, row.net]))
}

/**
 * The last closed business date; while there is none, also the earliest on which anything was posted,
 * which is a walk through all payments and therefore not asked any more afterwards.
 */
export async function daysOf(
  reader: Reader,
): Promise<{ readonly first: BusinessDate | null; readonly closedThrough: BusinessDate | null }> {
  const [row] = await reader.query<{ first: string | null; closed_through: string | null }>(
    `select closed_through,
      case when closed_through is null then (select min(business_date) from payment) end as first
      from business_day`,
  )
  return { first: row?.first ?? null, closedThrough: row?.closed_through ?? null }
}

/** Takes the day away from everything that would still post on it; waits for what is under way. */
export async function lockDay(tx: Tx): Promise<BusinessDate | null> {
  const [row] = await tx.query<{ closed_through: string | null }>(
    'select closed_through from business_day for update',
  )
  return row?.closed_through ?? null
}

export function saveClosedDay(
  tx: Tx,
  day: StatementTotals & { readonly date: BusinessDate; readonly closedAt: number },
): void {
  tx.write('update business_day set closed_through = $1::date', [day.date])
  tx.write(
    `insert into closed_day
        (date, closed_at, sales_count, sales, refunds_count, refunds, statement_layout)
      values ($1::date, $2, $3, $4, $5, $6, $7)`,
    [
      ...[day.date, day.closedAt, day.salesCount, day.sales, day.refundsCount, day.refunds],
      layoutNow,
    ],
  )
}

export interface MadeStatement {
  readonly merchantId: string
  readonly date: BusinessDate
  readonly format: StatementFormat
  readonly lines: bigint
  readonly total: bigint
  readonly sha256: string
}

/** Remembers what a statement was; answers with what was remembered before, if anything. */
export async function rememberStatement(tx: Tx, made: MadeStatement, now: number): Promise<string> {
  const [, rows] = await Promise.all([
    tx.query(
      `insert into statement (merchant_id, date, format, lines, total, sha256, made_at)
        values ($1, $2::date, $3, $4, $5, $6, $7) on conflict do nothing`,
      [made.merchantId, made.date, made.format, made.lines, made.total, made.sha256, now],
    ),
    tx.query<{ sha256: string }>(
      'select sha256 from statement where merchant_id = $1 and date = $2::date and format = $3',
      [made.merchantId, made.date, made.format],
    ),
  ])
  return rows[0]?.sha256 ?? made.sha256
}
