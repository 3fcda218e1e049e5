/**
 * The SQL that reads the history of an account, and the transfers themselves; `sums-store.ts` has sums. An
 * account's history is numbered without a gap and its times never go back, so a page begins after a
 * number, and a time is found by halving.
 */
import { type Reader, type Statement, uuids } from '../../db/index.ts'
import { type Amount, bucketCount } from '../../kernel/index.ts'
import type { Balances, Transfer, TransferKind } from '../transfer.ts'
import type { AccountId, SumRow } from './sums-store.ts'

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
