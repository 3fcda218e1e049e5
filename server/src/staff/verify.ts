/** What must hold of the hall's own books, whatever the program did. */
import { type Invariant, invariant } from '../ledger/index.ts'

export const staffInvariants: readonly Invariant[] = [
  invariant(
    'tills_equal_their_entries',
    'What must be in a till is the sum of its entries, each of which continues the one before.',
    `select format('till %s has %s, its entries make %s', t.id, t.balance, e.sum) as example
     from staff_till t
     join (select till, sum(amount) as sum, count(*) as count, max(seq) as last
           from staff_till_entry group by till) e on e.till = t.id
     where e.sum <> t.balance or e.count <> t.entries or e.last <> t.entries
     union all
     select format('till %s has no entry', id) from staff_till t
     where not exists (select from staff_till_entry e where e.till = t.id)
     union all
     select format('entry %s of till %s does not follow from the one before', seq, till)
     from (select *, lag(balance, 1, 0::int8) over (partition by till order by seq) as was
           from staff_till_entry) e
     where was + amount <> balance`,
  ),
  invariant(
    'shifts_add_up',
    'A shift is its float, all cash in less all cash out, and a difference: together what was counted, piece by piece.',
    `select format('till %s: %s float, %s in, %s out and %s over make not %s', t.id, e.float, e.cash_in,
       e.cash_out, t.difference, c.counted) as example
     from staff_till t
     join (select till, sum(amount) filter (where kind = 'float') as float,
             coalesce(sum(amount) filter (where kind = 'cash_in'), 0) as cash_in,
             coalesce(-sum(amount) filter (where kind = 'cash_out'), 0) as cash_out
           from staff_till_entry group by till) e on e.till = t.id
     cross join lateral (
       select coalesce(sum(worth::int8 * pieces::int8), 0) as counted
       from jsonb_each_text(t.closing_counts) as n (worth, pieces)) c
     where t.closed_at is not null
       and (e.float + e.cash_in - e.cash_out + t.difference <> c.counted or c.counted <> t.counted)`,
  ),
  invariant(
    'cash_is_banked_once_and_whole',
    'What of a closed till went to the bank is what was counted less its float.',
    `select format('till %s has %s less %s, %s went to the bank', b.till, t.counted, e.amount, b.amount) as example
     from staff_till_banking b
     left join staff_till t on t.id = b.till
     left join staff_till_entry e on e.till = b.till and e.kind = 'float'
     where t.closed_at is null or b.amount is distinct from t.counted - e.amount`,
  ),
  invariant(
    'tills_hold_what_is_under_way',
    'A till holds what payouts under way will take, and no act with cash is under way on a closed one.',
    `select format('till %s holds %s, acts under way make %s', t.id, t.held, coalesce(a.sum, 0)) as example
     from staff_till t
     left join (select till, sum(amount) as sum from staff_act
                where state = 'begun' and kind = 'cash_out' group by till) a on a.till = t.id
     where t.held <> coalesce(a.sum, 0)
     union all
     select format('act %s is under way on the closed till %s', a.id, a.till)
     from staff_act a join staff_till t on t.id = a.till
     where a.state = 'begun' and t.closed_at is not null`,
  ),
  invariant(
    'acts_with_cash_are_in_the_till',
    'Every act with cash that is done has its one entry of the same amount, and no other act has one.',
    `select format('act %s of %s has %s in the till', a.id, a.amount, coalesce(e.amount::text, 'nothing')) as example
     from staff_act a left join staff_till_entry e on e.act = a.id
     where case when a.till is not null and a.state = 'done'
       then e.till is distinct from a.till or e.kind <> a.kind or abs(e.amount) <> a.amount
       else e.act is not null end
     union all
     select format('entry %s of till %s is of no act', e.seq, e.till) from staff_till_entry e
     where e.act is not null and not exists (select from staff_act a where a.id = e.act)`,
  ),
  invariant(
    'vouchers_follow_their_acts',
    'A done act has an issued voucher, a refused one a void one; no number of a month is missing.',
    `select format('voucher %s is %s, its act is %s', v.number, v.state, coalesce(a.state, 'missing')) as example
     from staff_voucher v left join staff_act a on a.id = v.act and a.voucher = v.number
     where v.state is distinct from
       case a.state when 'begun' then 'reserved' when 'done' then 'issued' when 'refused' then 'void' end
     union all
     select format('act %s has no voucher', a.id) from staff_act a
     where not exists (select from staff_voucher v where v.number = a.voucher)
     union all
     select format('month %s is at %s and has %s vouchers', m.month, m.last, count(v.number))
     from staff_voucher_month m
     left join staff_voucher v on substr(v.number, 4, 4) = m.month
     group by m.month, m.last
     having count(v.number) <> m.last`,
  ),
  invariant(
    'leaves_are_used_once',
    'A leave of a second person is used by one act or one till of who asked, and by no other.',
    `with used as (
       select approval, person, kind from staff_act where approval is not null
       union all
       select approval, person, 'till_difference' from staff_till where approval is not null
       union all
       select b.approval, t.person, 'cash_banked' from staff_till_banking b
       join staff_till t on t.id = b.till)
     select format('leave %s is %s and was used %s times', p.id, p.state, count(u.approval)) as example
     from staff_approval p left join used u on u.approval = p.id
     group by p.id, p.state
     having count(u.approval) <> (p.state = 'used')::int
     union all
     select format('leave %s was used by somebody else or for something else', u.approval)
     from used u left join staff_approval p on p.id = u.approval
     where p.id is null or p.asked_by <> u.person or p.kind <> u.kind`,
  ),
]

/** Where the ledger has the same cash: a till is a book of its own, and both must say the same. */
export const tillLedgerInvariants: readonly Invariant[] = [
  invariant(
    'tills_equal_the_ledger',
    'What acts moved in a till, its difference and what was banked is what the ledger has on its account, unless an act is under way.',
    `select format('the book of till %s makes %s, the ledger has %s', t.id, t.made, coalesce(l.made, 0)) as example
     from (
       select t.id, coalesce(e.made, 0) - coalesce(b.amount, 0)
         + case when t.difference_transfer is null then 0 else t.difference end as made
       from staff_till t
       left join (select till, sum(amount) as made from staff_till_entry
                  where act is not null group by till) e on e.till = t.id
       left join staff_till_banking b on b.till = t.id) t
     left join (select split_part(name, ':', 2) as till, sum(debits_posted - credits_posted) as made
                from account where name like 'counter-cash:%' group by 1) l on l.till = t.id::text
     where t.made <> coalesce(l.made, 0)
       and not exists (select from staff_act a where a.till = t.id and a.state = 'begun')`,
  ),
  invariant(
    'till_differences_are_in_suspense',
    'What a till had too little stands on its suspense account, what it had too much on the other side.',
    `select format('till %s differs by %s, its suspense is %s', t.id, t.difference, coalesce(s.made, 0)) as example
     from staff_till t
     left join (select split_part(name, ':', 2) as till, sum(debits_posted - credits_posted) as made
                from account where name like 'till-suspense:%' group by 1) s on s.till = t.id::text
     where t.difference_transfer is not null and coalesce(s.made, 0) <> -t.difference`,
  ),
]
