/** What is left open in our rows, and what each wallet and each bank must come to by them. */

export const owedByBanks = `select substr(name, length('bank-clearing:') + 1) as bank,
    sum(debits_posted - credits_posted)::int8 as owed
  from account where name like 'bank-clearing:%' group by 1`

export const leftovers = [
  `select format('operation %s of %s is still %s', id, kind, state) as example from bank_operation
     where state not in ('done', 'refused', 'reversed') and not (state = 'begun' and not exists (
       select from bank_exchange e where e.operation_id = bank_operation.id and e.state <> 'unsent'))`,
  `select format('%s %s is still %s', kind, id, state) as example from wallet_movement
     where state in ('requested', 'unknown')`,
  `select format('transfer %s is still %s', id, state) as example from wallet_transfer
     where state in ('delayed', 'waiting_claim')`,
  `select format('split %s is still open', id) as example from wallet_split where state = 'open'
   union all select format('packet %s is still open', id) from wallet_packet where state = 'open'
   union all select format('request %s is still open', id) from wallet_request where state = 'open'`,
  `select format('the file of %s of %s is still %s: %s', bank, day, state, problem) as example
     from bank_day where state in ('differs', 'refused')`,
  `select format('%s of %s of %s is not explained: ours %s, theirs %s', kind, bank, day, ours, theirs)
     as example from bank_difference where state <> 'resolved'`,
]

/** Wallet by wallet, from what was asked of it and came about. */
export const balances = [
  `with flow (msisdn, fen) as (
     select msisdn, amount from wallet_movement where kind = 'cash_in' or kind = 'top_up' and state = 'done'
     union all
     select msisdn, -amount - fee from wallet_movement
       where kind = 'cash_out' or kind in ('withdrawal', 'repayment', 'card_transfer')
         and state not in ('refused', 'returned')
     union all
     select msisdn, -amount from biller_bill where key is not null and state <> 'refunded'
     union all
     select msisdn, -amount from wallet_transfer where state not in ('cancelled', 'returned')
     union all
     select payee, amount from wallet_transfer where state in ('done', 'claimed')
     union all
     select msisdn, -amount from wallet_packet
     union all
     select coalesce(t.msisdn, p.msisdn), t.amount from wallet_packet p
       join wallet_packet_part t on t.bucket = p.bucket and t.packet_id = p.id
       where t.wallet_id is not null or p.state = 'returned'
     union all
     select msisdn, refunded - amount from payment where source = 'wallet' and state in
       ('delivering', 'delivery_unknown', 'delivered', 'delivery_failed', 'refunded'))
   select format('a wallet has %s, by what was asked of it %s', a.fen, coalesce(sum(f.fen), 0)) as example
   from (select w.msisdn, coalesce(sum(credits_posted - debits_posted), 0) as fen from wallet_account w
     left join account on name = 'user-balance:' || w.id group by w.msisdn) a
   left join flow f on f.msisdn = a.msisdn
   group by a.msisdn, a.fen having a.fen <> coalesce(sum(f.fen), 0)`,
]
