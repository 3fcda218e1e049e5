/** Reads the lines of a balance out of the ledger, with what belongs to each. All SQL of statements of wallets. */
import { type Reader, type Statement, texts } from '../db/index.ts'
import { bucketOfId } from '../kernel/index.ts'
import { type Reason, userBalance } from '../ledger/index.ts'
import type { Counterparty, Line, LineFilter } from './line.ts'

// A hold takes from what can be spent when it is placed, and a credit adds when it is posted.
const changed = `(e.kind = 'transfer' or e.kind = 'post' and e.side = 'credit'
  or e.kind in ('pending', 'void', 'expire') and e.side = 'debit')`

/** The last byte of an id names its bucket. */
const home = `(('x' || right(e.subject, 2))::bit(8)::int % 64)::int2`

const columns = `e.version, e.id, e.side, e.kind, e.amount, e.reason, e.subject, e.business_date, e.created_at,
  e.credits_posted - e.debits_posted - e.debits_pending as balance,
  p.order_no, p.goods_zh, p.goods_en, s.name_zh, s.name_en, m.bank, m.last4, m.payee as card_payee, m.till,
  b.name_zh as biller_zh, b.name_en as biller_en, b.ending as account_ending,
  coalesce(case when t.wallet_id = $2::uuid then t.payee else t.msisdn end, r.msisdn) as other, t.memo`

// Each subject is of one table: the others are looked at through their primary keys and have nothing.
const joined = `from entry e
  left join lateral (
    select * from payment where bucket = ${home} and id = e.subject::uuid offset 0
  ) p on e.reason in ('payment', 'refund')
  left join merchant s on s.id = p.merchant_id
  left join lateral (
    select * from wallet_movement where bucket = ${home} and id = e.subject::uuid offset 0
  ) m on p.id is null
  left join lateral (
    select * from wallet_transfer where bucket = ${home} and id = e.subject::uuid offset 0
  ) t on p.id is null and m.id is null
  left join lateral (
    select nullif(msisdn, $8) as msisdn from wallet_packet
      where bucket = ${home} and id = e.subject::uuid offset 0
  ) r on p.id is null and m.id is null and t.id is null
  left join lateral (
    select name_zh, name_en, right(account_no, 4) as ending from biller_bill
      where bucket = ${home} and id = e.subject::uuid offset 0
  ) b on e.reason in ('bill', 'bill_return')`

const words = `lower(concat_ws(' ', p.order_no, p.goods_zh, p.goods_en, s.name_zh, s.name_en, m.last4, m.payee, t.memo,
  b.name_zh, b.name_en, b.ending,
  right(coalesce(case when t.wallet_id = $2::uuid then t.payee else t.msisdn end, r.msisdn), 4)))`

const listStatement: Statement = {
  name: 'wallet_statement.list',
  text: `select ${columns} ${joined}
    where e.bucket = $1 and e.account = $3 and ${changed}
      and e.version < coalesce($4::int8, 9223372036854775807)
      and e.created_at >= coalesce($5::int8, 0)
      and e.created_at < coalesce($6::int8, 9223372036854775807)
      and ($7::text[] is null or e.reason = any($7)) and ($9::text is null or strpos(${words}, $9) > 0)
      and ($10::uuid is null or e.id = $10)
    order by e.version desc limit $11`,
}

export interface Asked extends LineFilter {
  /** Whose wallet it is: a packet of one's own has nobody on the other side. */
  readonly msisdn: string
  /** Only this one. */
  readonly lineId?: string
}

export async function readLines(reader: Reader, asked: Asked): Promise<Line[]> {
  const { walletId, msisdn, before, from, to, kinds, text, lineId, limit } = asked
  const bucket = bucketOfId(walletId) ?? -1
  const rows = await reader.query<Row>(listStatement, [
    ...[bucket, walletId, userBalance(bucket, walletId).name, before ?? null],
    ...[from ?? null, to ?? null, kinds ? texts(kinds) : null, msisdn],
    ...[text?.toLowerCase() ?? null, lineId ?? null, limit],
  ])
  return rows.map(lineOf)
}

interface Row {
  readonly version: bigint
  readonly id: string
  readonly side: 'debit' | 'credit'
  readonly kind: string
  readonly amount: bigint
  readonly reason: Reason
  readonly subject: string
  readonly business_date: string
  readonly created_at: bigint
  readonly balance: bigint
  readonly order_no: string | null
  readonly biller_zh: string | null
  readonly biller_en: string | null
  readonly account_ending: string | null
  readonly goods_zh: string | null
  readonly goods_en: string | null
  readonly name_zh: string | null
  readonly name_en: string | null
  readonly bank: string | null
  readonly last4: string | null
  readonly card_payee: string | null
  readonly till: string | null
  readonly other: string | null
  readonly memo: string | null
}

const lineOf = (row: Row): Line => ({
  id: row.id,
  no: row.version,
  kind: row.reason,
  // A hold that is let go comes back.
  way: row.side === 'credit' || row.kind === 'void' || row.kind === 'expire' ? 'in' : 'out',
  amount: row.amount,
  balance: row.balance,
  at: Number(row.created_at),
  businessDate: row.business_date,
  counterparty: counterpartyOf(row),
  subject: row.subject,
  orderNo: row.order_no,
  memo: row.memo || null,
})

function counterpartyOf(row: Row): Counterparty | null {
  const { name_zh: zh, name_en: en, goods_zh, goods_en } = row
  if (zh !== null && en !== null)
    return { kind: 'merchant', name: { zh, en }, goods: { zh: goods_zh ?? '', en: goods_en ?? '' } }
  if (row.bank !== null && row.last4 !== null)
    return { kind: 'card', bank: row.bank, last4: row.last4, payee: row.card_payee }
  const { biller_zh, biller_en, account_ending } = row
  if (biller_zh !== null && biller_en !== null) {
    const name = { zh: biller_zh, en: biller_en }
    return { kind: 'biller', name, account: `****${account_ending}` }
  }
  if (row.till !== null) return { kind: 'till', till: row.till }
  return row.other === null ? null : { kind: 'number', msisdn: row.other }
}
