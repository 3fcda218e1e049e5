/** What must hold of settled money, each rule as one statement. */
import { type Invariant, invariant } from '../ledger/index.ts'

export const settlementInvariants: readonly Invariant[] = [
  invariant(
    'merchant_sweeps_happen_once',
    'For a merchant and day no account was swept twice, and none for a day that is still open.',
    `select format('%s from %s in bucket %s, %s times', t.subject, t.debit_account, t.bucket, count(*))
       as example
     from transfer t
     where t.reason = 'settle' and t.subject like 'sweep:%'
     group by t.bucket, t.subject, t.debit_account, t.credit_account
     having count(*) > 1
     union all
     select format('merchant %s is swept up to %s', m.id, m.swept_through)
     from merchant m cross join business_day d
     where m.swept_through > coalesce(d.closed_through, '-infinity')`,
  ),
]
