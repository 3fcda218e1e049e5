/** What must hold of repayments: no bill is paid twice, and what a debit card pays is two halves of one thing. */
import { type Invariant, invariant } from '../ledger/index.ts'

export const repaymentInvariants: readonly Invariant[] = [
  invariant(
    'repayments_are_within_their_bill',
    'What was repaid of a bill, or is about to be, is no more than the bill was ever said to be.',
    `select format('card %s in bucket %s: %s repaid of the bill of %s, which was %s', m.card_id, m.bucket,
       sum(m.amount), m.billed_on, coalesce(max(b.highest), 0)) as example
     from wallet_movement m
     left join bank_card_bill b
       on b.bucket = m.bucket and b.binding_id = m.card_id and b.billed_on = m.billed_on
     where m.kind = 'repayment' and m.state not in ('refused', 'returned')
     group by m.bucket, m.card_id, m.billed_on having sum(m.amount) > coalesce(max(b.highest), 0)`,
  ),
  invariant(
    'repayments_and_their_top_ups_are_one',
    'A repayment waits exactly while its top-up is open, is refused when that was, and costs what it brought.',
    `select format('%s %s in bucket %s (%s) and its other half %s (%s)', m.kind, m.id, m.bucket, m.state,
       m.linked_id, o.state) as example
     from wallet_movement m
     left join wallet_movement o on o.bucket = m.bucket and o.id = m.linked_id
     where m.linked_id is not null and (
       o.linked_id is distinct from m.id or o.wallet_id <> m.wallet_id or o.kind = m.kind
       or m.kind = 'repayment' and (
         (m.state = 'funding') <> (o.state in ('requested', 'unknown'))
         or o.state in ('refused', 'reversed') and m.state <> 'refused'
         or o.amount <> m.amount + m.fee))
     union all
     select format('repayment %s in bucket %s is %s and has no top-up', id, bucket, state)
     from wallet_movement where kind = 'repayment' and linked_id is null
       and state in ('funding', 'refused')`,
  ),
]
