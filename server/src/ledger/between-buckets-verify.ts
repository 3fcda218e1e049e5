/** What must hold of transfers from bucket to bucket: nothing is lost on the way. */
import { type Invariant, invariant } from './verify.ts'

const account = 'between-buckets:'
const otherOf = (column: string) => `substring(${column} from '^${account}([0-9]{1,4})$')::int`

export const betweenBucketsInvariants: readonly Invariant[] = [
  invariant(
    'ledger_buckets_agree',
    'What one bucket owes another is what that one has to get from the first.',
    `with due as (
       select bucket, ${otherOf('name')} as other, credits_posted as owed, debits_posted as to_get,
         debits_pending + credits_pending as pending
       from account where name like '${account}%'
     )
     select format('bucket %s owes bucket %s %s, which has %s to get', d.bucket, d.other, d.owed,
       coalesce(o.to_get, 0)) as example
     from due d left join due o on o.bucket = d.other and o.other = d.bucket
     where d.owed <> coalesce(o.to_get, 0) or d.to_get <> coalesce(o.owed, 0)
       or d.pending <> 0 or d.other is null or d.other = d.bucket`,
  ),
  invariant(
    'ledger_transfers_between_buckets_have_two_halves',
    'Each half of a transfer from bucket to bucket has its other half, of the same amount and day.',
    `with half as (
       select t.*, true as is_giving, ${otherOf('a.name')} as other
       from account a
       join transfer t on t.bucket = a.bucket and t.credit_account = a.name
       where a.name like '${account}%'
       union all
       select t.*, false, ${otherOf('a.name')}
       from account a
       join transfer t on t.bucket = a.bucket and t.debit_account = a.name
       where a.name like '${account}%'
     )
     select format('transfer %s in bucket %s', h.id, h.bucket) as example
     from half h
     where not exists (
       select from transfer o
       where o.bucket = h.other and o.id = h.id and o.kind = 'transfer' and h.kind = 'transfer'
         and (o.amount, o.subject, o.reason, o.business_date)
           = (h.amount, h.subject, h.reason, h.business_date)
         and case when h.is_giving then o.debit_account else o.credit_account end
           = '${account}' || h.bucket
     )`,
  ),
]
