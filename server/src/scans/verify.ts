/** What must hold of scans, whatever the program did. */
import { type Invariant, invariant } from '../ledger/index.ts'

export const scanInvariants: readonly Invariant[] = [
  invariant(
    'scans_are_what_was_paid',
    'The payment of a scan is of the number whose code was read, of the same merchant and order, for the same amount.',
    `select format('scan %s of merchant %s: payment %s is of something else', s.id, s.merchant_id, s.payment_id) as example
     from scan s join payment p on p.id = s.payment_id
     where (p.msisdn, p.merchant_id, p.merchant_order_id, p.amount)
       is distinct from (s.msisdn, s.merchant_id, s.merchant_order_id, s.amount)`,
  ),
  invariant(
    'payment_codes_are_used_for_one_scan',
    'Every code that was taken was taken for one scan or one request of a friend, and each of these has taken its code, while they are remembered.',
    `select format('code of step %s: %s scans', coalesce(u.step, s.code_step), coalesce(s.scans, 0)) as example
     from payment_code_use u full join (
       select code_alias, code_step, count(*) as scans from (
         select code_alias, code_step from scan where code_alias is not null
         union all
         select code_alias, code_step from wallet_request where code_alias is not null) r
       group by code_alias, code_step) s
       on s.code_alias = u.alias and s.code_step = u.step
     where coalesce(s.scans, 0) <> 1
       or u.alias is null and exists (
         select from payment_code_alias a where a.alias = s.code_alias and a.issued_at / 30000 - 5 <= s.code_step)`,
  ),
]
