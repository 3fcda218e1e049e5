/** What must hold of differences: nothing is resolved without its act, and no act without its journal. */
import { type Invariant, invariant, reasons } from '../ledger/index.ts'

const { differenceLong, differenceShort, differenceIdentified, differenceCovered } = reasons

const wanted = `
  select a.id, a.amount, 'difference:' || a.difference_id as subject,
    case a.kind when 'to_suspense' then
        case a.side when 'long' then 'bank-clearing:' else 'bank-short-suspense:' end || a.bank
      when 'identified' then 'bank-long-suspense:' || a.bank
      else 'bank-clearing:' || a.bank end as debit,
    case a.kind when 'to_suspense' then
        case a.side when 'long' then 'bank-long-suspense:' else 'bank-clearing:' end || a.bank
      when 'identified' then 'user-balance:' || a.wallet_id
      else 'own-bank' end as credit,
    case a.kind when 'to_suspense' then
        case a.side when 'long' then '${differenceLong}' else '${differenceShort}' end
      when 'identified' then '${differenceIdentified}'
      else '${differenceCovered}' end as reason
  from bank_act a where a.state = 'done' and a.kind in ('to_suspense', 'identified', 'covered')`

/** Of two halves in different buckets the accounts that are not between them. */
const written = `
  select id, reason, max(amount) as amount, max(subject) as subject,
    string_agg(debit_account, '+') filter (where debit_account not like 'between-buckets:%') as debit,
    string_agg(credit_account, '+') filter (where credit_account not like 'between-buckets:%')
      as credit
  from transfer
  where reason in ('${differenceLong}', '${differenceShort}', '${differenceIdentified}',
    '${differenceCovered}')
  group by id, reason`

export const reconciliationInvariants: readonly Invariant[] = [
  invariant(
    'bank_acts_are_in_the_ledger',
    'An act that moves money has exactly its journal, and each such journal has its act.',
    `with wanted as (${wanted}), written as (${written})
     select format('act %s: %s from %s to %s (%s) is written, wanted %s from %s to %s (%s)', id,
       t.amount, t.debit, t.credit, t.reason, w.amount, w.debit, w.credit, w.reason) as example
     from wanted w full join written t using (id)
     where (w.amount, w.subject, w.debit, w.credit, w.reason)
       is distinct from (t.amount, t.subject, t.debit, t.credit, t.reason)`,
  ),
  invariant(
    'bank_differences_follow_their_acts',
    'A difference stands where the acts that were done have led it, each for its whole amount.',
    `with done as (
       select difference_id as id, count(*) filter (where kind = 'to_suspense') as suspended,
         max(kind) filter (where kind <> 'to_suspense') as ending,
         count(*) filter (where kind <> 'to_suspense') as endings
       from bank_act where state = 'done' and difference_id is not null group by 1
     )
     select format('difference %s is %s (%s) after %s, %s to suspense', coalesce(d.id, a.id), d.state,
       d.resolution, a.ending, coalesce(a.suspended, 0)) as example
     from bank_difference d full join done a using (id)
     where d.id is null or case d.state
       when 'open' then a.id is not null
       when 'in_suspense' then a.suspended is distinct from 1 or a.endings <> 0
       else case d.resolution when 'by_file' then a.id is not null
         else a.endings is distinct from 1 or a.ending <> d.resolution
           or a.suspended <> case d.resolution when 'explained' then 0 else 1 end end end
     union all
     select format('act %s is for %s %s, its difference for %s %s', a.id, a.side, a.amount, d.side,
       d.amount)
     from bank_act a join bank_difference d on d.id = a.difference_id
     where (a.side, a.amount) is distinct from (d.side, d.amount) and a.state = 'done'`,
  ),
  invariant(
    'bank_files_are_accepted_by_two',
    'A file counts as whole without totals only where two people said so.',
    `select format('%s of %s is accepted %s, acts %s', coalesce(d.day, a.day),
       coalesce(d.bank, a.bank), d.accepted_at, coalesce(a.n, 0)) as example
     from bank_day d
     full join (
       select bank, day, count(*) as n from bank_act
       where kind = 'complete_file' and state = 'done' and lower(asked_by) <> lower(decided_by)
       group by bank, day
     ) a on a.bank = d.bank and a.day = d.day
     where (d.accepted_at is not null) <> (coalesce(a.n, 0) = 1)`,
  ),
]
