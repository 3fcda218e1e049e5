/**
 * What must hold of bills at every instant, each rule as one statement over the rows alone: their history, their
 * lines in the ledger, what is owed to billers, and the timers. They trust neither the code nor the constraints.
 */
import { type Invariant, invariant, reasons } from '../ledger/index.ts'
import { historyInvariants } from '../wallet/index.ts'
import { first, next, type State, undecided } from './bill.ts'
import { topics } from './topics.ts'

const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(', ')
const leads: { readonly [state: string]: readonly State[] } = next
const states = [...new Set([...first, ...Object.entries(leads).flat(2)])]
const open = quoted(undecided)
const paid = quoted([...undecided, 'written_off', 'refunded'])

export const billerInvariants: readonly Invariant[] = [
  ...historyInvariants({
    ...{ name: 'bills', of: 'a bill', table: 'biller_bill_event' },
    rows: `select bucket, id, version, state, 'bill' as kind from biller_bill`,
    edges: [
      ...first.map((state) => ['bill', '', state] as const),
      ...states.map((state) => ['bill', state, state] as const),
      ...Object.entries(leads).flatMap(([from, all]) =>
        all.map((to) => ['bill', from, to] as const),
      ),
    ],
  }),
  invariant(
    'bills_are_in_the_ledger',
    'A bill took from its wallet what was paid, and gave it back when it was refunded: nothing else.',
    `with wanted as (
       select bucket, id::text as subject, 'user-balance:' || wallet_id as debit,
         'biller-payable:' || biller as credit, amount, '${reasons.bill}' as reason
       from biller_bill where state in (${paid})
       union all
       select bucket, id::text, 'biller-payable:' || biller, 'user-balance:' || wallet_id, amount,
         '${reasons.billReturn}'
       from biller_bill where state = 'refunded'
     ), written as (
       select bucket, subject, debit_account as debit, credit_account as credit, amount, reason,
         count(*) as n
       from transfer where reason in ('${reasons.bill}', '${reasons.billReturn}')
       group by 1, 2, 3, 4, 5, 6
     )
     select format('%s of bill %s in bucket %s: %s from %s to %s', reason, subject, bucket, amount,
       debit, credit) as example
     from (select *, 1 as n from wanted) w
     full join written t using (bucket, subject, debit, credit, amount, reason)
     where w.n is distinct from t.n`,
  ),
  invariant(
    'bills_have_their_date',
    'A bill has the business date of the line that took it from the balance.',
    `select format('bill %s in bucket %s', b.id, b.bucket) as example
     from biller_bill b left join transfer t on t.bucket = b.bucket and t.id = b.id
     where t.business_date is distinct from b.business_date`,
  ),
  invariant(
    'bills_owe_what_was_paid',
    'Owed to a biller is what was paid for its bills, less what came back and what was paid over.',
    `with wanted as (
       select bucket, 'biller-payable:' || biller as name, sum(amount) as amount
       from biller_bill
       where state in (${open}) or state = 'written_off' and paid_over_on is null
       group by 1, 2
     ), held as (
       select bucket, name,
         credits_posted + credits_pending - debits_posted - debits_pending as amount
       from account where name like 'biller-payable:%'
     )
     select format('%s in bucket %s: %s owed, %s in bills', name, bucket, h.amount, w.amount)
       as example
     from wanted w full join held h using (bucket, name)
     where coalesce(w.amount, 0) <> coalesce(h.amount, 0)`,
  ),
  invariant(
    'bills_are_paid_over_once',
    'What is paid over with a day of a biller is the sum of its bills, in each bucket and in all.',
    `with wanted as (
       select bucket, biller || ':' || paid_over_on as subject, sum(amount) as amount
       from biller_bill where paid_over_on is not null group by 1, 2
     ), written as (
       select bucket, subject, sum(amount) as amount from transfer
       where reason = '${reasons.billPaidOver}' group by 1, 2
     ), days as (
       select biller || ':' || day as subject, paid_over as amount from biller_day
     )
     select format('%s in bucket %s: %s in bills, %s paid over', subject, bucket, w.amount, t.amount)
       as example
     from wanted w full join written t using (bucket, subject)
     where w.amount is distinct from t.amount
     union all
     select format('day %s: %s in bills, %s on the day', subject, w.amount, d.amount)
     from (select subject, sum(amount) as amount from wanted group by 1) w
     full join (select * from days where amount > 0) d using (subject)
     where w.amount is distinct from d.amount`,
  ),
  invariant(
    'bills_tie_their_wallets',
    'A wallet to which money may still come back is not closed, and a bill is of the wallet of its number.',
    `select format('bill %s in bucket %s', b.id, b.bucket) as example
     from biller_bill b left join wallet_account a on a.bucket = b.bucket and a.id = b.wallet_id
     where a.msisdn is distinct from b.msisdn or a.state = 'closed' and b.state in (${open})`,
  ),
  invariant(
    'bills_are_paid_one_at_a_time',
    'No account of a biller has two payments of one wallet of which nobody knows the end.',
    `select format('%s payments of wallet %s to %s', count(*), wallet_id, biller) as example
     from biller_bill where state in (${open})
     group by wallet_id, biller, account_no having count(*) > 1`,
  ),
  invariant(
    'bills_timers_are_set',
    'Whatever has not ended has its timer, what has ended has none, and a reminder is of an account.',
    `with wanted as (
       select '${topics.bill}' as topic, bucket, id::text as subject
       from biller_bill where state in (${open}, 'inquired')
     ), timer as (
       select topic, bucket, subject from job where topic = '${topics.bill}'
     )
     select format('%s of %s in bucket %s %s', topic, subject, bucket,
       case when t.seen is null then 'is missing' else 'has nothing to do' end) as example
     from (select *, true as wanted from wanted) w
     full join (select *, true as seen from timer) t using (topic, bucket, subject)
     where t.seen is null or w.wanted is null
     union all
     select format('reminder of %s in bucket %s', a.id, a.bucket)
     from biller_account a left join job j
       on j.bucket = a.bucket and j.topic = '${topics.reminder}' and j.subject = a.id::text
     left join wallet_account w on w.bucket = a.bucket and w.id = a.wallet_id
     where w.state = 'open' and w.released_at is null
       and (a.remind_day is null) <> (j.subject is null)`,
  ),
]
