/** The SQL that sums accounts: over their buckets, or each in its own. */
import { int8s, type Reader, type Statement, texts } from '../../db/index.ts'
import { bucketCount } from '../../kernel/index.ts'
import type { AccountRef, Balances } from '../transfer.ts'
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

/** These accounts of these buckets, by name; those that nothing was posted to are left out. */
export async function balancesAt(
  reader: Reader,
  ids: readonly AccountId[],
): Promise<Map<string, Balances>> {
  if (ids.length === 0) return new Map()
  const rows = await reader.query<SumRow & { name: string }>(readAt, [
    int8s(ids.map(({ bucket }) => bucket)),
    texts(ids.map(({ name }) => name)),
  ])
  return new Map(rows.map((row) => [row.name, sumsOf(row)]))
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

const readAt: Statement = {
  name: 'ledger.read_at',
  text: `select a.name, a.debits_pending::text, a.debits_posted::text, a.credits_pending::text,
      a.credits_posted::text
    from unnest($1::int2[], $2::text[]) as u (bucket, name)
    cross join lateral (
      select * from account where bucket = u.bucket and name = u.name offset 0
    ) a`,
}

const sumAll: Statement = {
  name: 'ledger.sum_all',
  text: `select ${unitIn('name')} as unit, ${sums} from account group by 1 order by 1`,
}

export interface SumRow {
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
