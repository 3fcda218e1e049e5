/**
 * All SQL that reads the books: sums of accounts, the history of one, the transfers themselves. An
 * account's history is numbered without a gap and its times never go back, so a page begins after a
 * number, and a time is found by halving.
 */
import { type Reader, type Statement, texts, uuids } from '../../db/index.ts'
import { type Amount, bucketCount } from '../../kernel/index.ts'
import type { AccountRef, Balances, Transfer, TransferKind } from '../transfer.ts'
import { type Unit, unitIn } from '../unit.ts'

export type AccountId = Pick<AccountRef, 'bucket' | 'name'>

/** An account summed over its buckets. */
export interface AccountTotal extends Balances {
  readonly name: string
}

/** Either names, or all names that begin with a prefix such as `merchant-pending:`. */
export type AccountFilter = { readonly names: readonly string[] } | { readonly prefix: string }

export async function accountBalances(
  reader: Reader,
  filter: AccountFilter,
): Promise<AccountTotal[]> {
  // Everything that begins so lies below the prefix with the last of all characters; a name alone,
  // below itself with the first of all characters that a text can hold.
  const ranges =
    'prefix' in filter
      ? [[filter.prefix, `${filter.prefix}\u{10ffff}`] as const]
      : [...new Set(filter.names)].map((name) => [name, `${name}\u0001`] as const)
  const rows = await reader.query<SumRow & { name: string }>(sumAccounts, [
    texts(ranges.map(([low]) => low)),
    texts(ranges.map(([, high]) => high)),
    bucketCount,
  ])
  return rows.map((row) => ({ name: row.name, ...sumsOf(row) }))
}

export interface TrialBalance extends Balances {
  readonly unit: Unit
  /** Debits equal credits, both pending and posted. */
  readonly balanced: boolean
}

/** All accounts together, one line per unit, money first. */
export async function trialBalance(reader: Reader): Promise<TrialBalance[]> {
  const rows = await reader.query<SumRow & { unit: Unit }>(sumAll)
  return rows.map((row) => {
    const sums = sumsOf(row)
    const balanced =
      sums.debitsPending === sums.creditsPending && sums.debitsPosted === sums.creditsPosted
    return { unit: row.unit, ...sums, balanced }
  })
}

/** One transfer as an account sees it, and the account just after it. */
export interface HistoryLine extends Balances {
  readonly version: bigint
  readonly side: 'debit' | 'credit'
  readonly counterparty: string
  readonly transferId: string
  readonly kind: TransferKind
  readonly amount: Amount
  readonly pendingId: string | null
  readonly subject: string
  readonly reason: string
  readonly businessDate: string
  readonly createdAt: number
}

export interface Page {
  /** The version of the last line seen. */
  readonly after?: bigint
  readonly until?: bigint
  /** At most `pageMax`. */
  readonly limit?: number
}

/** So that an answer stays below a megabyte. */
export const pageMax = 1_000

export async function accountHistory(
  reader: Reader,
  { bucket, name }: AccountId,
  { after = 0n, until = 2n ** 63n - 1n, limit = pageMax }: Page = {},
): Promise<HistoryLine[]> {
  const size = Math.min(limit, pageMax)
  return (await reader.query<EntryRow>(readHistory, [bucket, name, after, until, size])).map(lineOf)
}

/** The last transfer of an account at or before an instant. */
export async function lineAt(
  reader: Reader,
  { bucket, name }: AccountId,
  at: number,
): Promise<HistoryLine | undefined> {
  return (await reader.query<EntryRow>(findLine, [bucket, name, at])).map(lineOf)[0]
}

/**
 * The transfers of one bucket with these ids, and what settled them, in the order of their making.
 */
export async function transfersOf(
  reader: Reader,
  bucket: number,
  ids: readonly string[],
): Promise<Transfer[]> {
  return (await reader.query<TransferRow>(readTransfers, [bucket, uuids(ids)])).map(transferOf)
}

/** The newest transfers of all buckets, newest first: for the live ledger. */
export async function recentTransfers(reader: Reader, limit: number): Promise<Transfer[]> {
  const size = Math.min(limit, pageMax)
  return (await reader.query<TransferRow>(readRecent, [bucketCount, size])).map(transferOf)
}

const sums = `
  coalesce(sum(debits_pending), 0)::text as debits_pending,
  coalesce(sum(debits_posted), 0)::text as debits_posted,
  coalesce(sum(credits_pending), 0)::text as credits_pending,
  coalesce(sum(credits_posted), 0)::text as credits_posted`

const sumAccounts: Statement = {
  name: 'ledger.sum',
  text: `
    select found.name, ${sums}
    from generate_series(0, $3::int4 - 1) each (bucket)
    cross join unnest($1::text[], $2::text[]) span (low, high)
    cross join lateral (
      select * from account
      where account.bucket = each.bucket and account.name >= span.low and account.name < span.high
      offset 0
    ) found
    group by found.name order by found.name`,
}

const sumAll: Statement = {
  name: 'ledger.sum_all',
  text: `select ${unitIn('name')} as unit, ${sums} from account group by 1 order by 1`,
}

const readHistory: Statement = {
  name: 'ledger.history',
  text: `
    select * from entry
    where bucket = $1 and account = $2 and version > $3 and version <= $4
    order by version limit $5`,
}

const findLine: Statement = {
  name: 'ledger.line_at',
  text: `
    with recursive search (low, high) as (
      select 0::int8, account.version from account where bucket = $1 and name = $2
      union all
      select case when probe.created_at <= $3::int8 then half.middle else search.low end,
        case when probe.created_at <= $3::int8 then search.high else half.middle - 1 end
      from search
      cross join lateral (select (low + high + 1) / 2 as middle) half
      cross join lateral (
        select created_at from entry
        where bucket = $1 and account = $2 and version = half.middle
        offset 0
      ) probe
      where search.low < search.high
    )
    select entry.* from search
    cross join lateral (
      select * from entry where bucket = $1 and account = $2 and version = search.low offset 0
    ) entry
    where search.low >= search.high`,
}

const readTransfers: Statement = {
  name: 'ledger.transfers',
  text: `
    select * from (
      select transfer.* from transfer where bucket = $1 and id = any($2::uuid[])
      union
      select transfer.* from transfer where bucket = $1 and pending_id = any($2::uuid[])
    ) found
    order by created_at, greatest(debit_version, credit_version), id`,
}

// Ids are ordered by time (UUIDv7): the newest of each bucket are at the end of the primary key.
const readRecent: Statement = {
  name: 'ledger.recent',
  text: `
    select latest.*
    from generate_series(0, $1::int4 - 1) each (bucket)
    cross join lateral (
      select * from transfer where transfer.bucket = each.bucket order by id desc limit $2
    ) latest
    order by latest.created_at desc, latest.id desc
    limit $2`,
}

interface SumRow {
  debits_pending: string
  debits_posted: string
  credits_pending: string
  credits_posted: string
}

const sumsOf = (row: SumRow): Balances => ({
  debitsPending: BigInt(row.debits_pending),
  debitsPosted: BigInt(row.debits_posted),
  creditsPending: BigInt(row.credits_pending),
  creditsPosted: BigInt(row.credits_posted),
})

interface EntryRow {
  version: bigint
  side: 'debit' | 'credit'
  counterparty: string
  id: string
  kind: TransferKind
  amount: bigint
  pending_id: string | null
  subject: string
  reason: string
  business_date: string
  created_at: bigint
  debits_pending: bigint
  debits_posted: bigint
  credits_pending: bigint
  credits_posted: bigint
}

const lineOf = (row: EntryRow): HistoryLine => ({
  version: row.version,
  side: row.side,
  counterparty: row.counterparty,
  transferId: row.id,
  kind: row.kind,
  amount: row.amount,
  pendingId: row.pending_id,
  subject: row.subject,
  reason: row.reason,
  businessDate: row.business_date,
  createdAt: Number(row.created_at),
  debitsPending: row.debits_pending,
  debitsPosted: row.debits_posted,
  creditsPending: row.credits_pending,
  creditsPosted: row.credits_posted,
})

type Side = 'debit' | 'credit'
type Numbers = { [Column in `${Side}_${keyof SumRow}` | `${Side}_version`]: bigint }

interface TransferRow
  extends Pick<
      EntryRow,
      | 'id'
      | 'kind'
      | 'amount'
      | 'pending_id'
      | 'subject'
      | 'reason'
      | 'business_date'
      | 'created_at'
    >,
    Numbers {
  bucket: number
  debit_account: string
  credit_account: string
}

const transferOf = (row: TransferRow): Transfer => ({
  id: row.id,
  bucket: row.bucket,
  kind: row.kind,
  debitAccount: row.debit_account,
  creditAccount: row.credit_account,
  amount: row.amount,
  pendingId: row.pending_id,
  subject: row.subject,
  reason: row.reason,
  businessDate: row.business_date,
  createdAt: Number(row.created_at),
  debit: sideOf(row, 'debit'),
  credit: sideOf(row, 'credit'),
})

const sideOf = (row: TransferRow, side: Side) => ({
  version: row[`${side}_version`],
  debitsPending: row[`${side}_debits_pending`],
  debitsPosted: row[`${side}_debits_posted`],
  creditsPending: row[`${side}_credits_pending`],
  creditsPosted: row[`${side}_credits_posted`],
})
