/** What must hold of differences with billers: none is resolved without its act, and no own money goes without one. */
import { type Invariant, invariant, reasons } from '../ledger/index.ts'

export const billerDifferenceInvariants: readonly Invariant[] = [
  invariant(
    'biller_acts_are_in_the_ledger',
    'An act that covers a difference has exactly its journal, and each such journal has its act.',
    `with wanted as (
       select id, amount, 'biller_difference:' || difference_id as subject,
         'biller-suspense:' || biller as debit, 'own-bank' as credit
       from biller_act where state = 'done' and kind = 'covered'
     ), written as (
       select id, amount, subject, debit_account as debit, credit_account as credit
       from transfer where reason = '${reasons.billCovered}'
     )
     select format('act %s: %s from %s to %s is written, wanted %s from %s to %s', id, t.amount,
       t.debit, t.credit, w.amount, w.debit, w.credit) as example
     from wanted w full join written t using (id)
     where (w.amount, w.subject, w.debit, w.credit)
       is distinct from (t.amount, t.subject, t.debit, t.credit)`,
  ),
  invariant(
    'biller_differences_follow_their_acts',
    'A difference is resolved as the one act says that two people have agreed to.',
    `with done as (
       select difference_id as id, count(*) as n, max(kind) as kind, max(biller) as biller
       from biller_act where state = 'done' and lower(asked_by) <> lower(decided_by) group by 1
     )
     select format('difference %s is %s after %s acts: %s', coalesce(d.id, a.id), d.resolution,
       coalesce(a.n, 0), a.kind) as example
     from biller_difference d full join done a using (id)
     where d.id is null or d.resolution is distinct from a.kind or a.n > 1 or a.biller <> d.biller`,
  ),
]
