/** What must hold of top-up vouchers at every instant, each rule as one statement over the rows alone. */
import { type Invariant, invariant, reasons } from '../ledger/index.ts'

const floats = `starts_with(name, 'top-up-voucher-float:')`

/** What was posted about a batch, and what its vouchers say it should be. */
const batchPosting = (given: {
  readonly reason: string
  readonly side: 'debit' | 'credit'
  readonly where: string
}) => `
  select format('%s in bucket %s: vouchers %s, posted %s', coalesce(v.account, t.account),
    coalesce(v.bucket, t.bucket), v.amount, t.amount) as example
  from (
    select bucket, 'top-up-voucher-float:' || batch_id as account, sum(amount) as amount
    from top_up_voucher where ${given.where} group by 1, 2
  ) v
  full join (
    select bucket, ${given.side}_account as account, sum(amount) as amount
    from transfer where reason = '${given.reason}' group by 1, 2
  ) t on t.bucket = v.bucket and t.account = v.account
  where v.amount is distinct from t.amount`

export const topUpVoucherInvariants: readonly Invariant[] = [
  invariant(
    'top_up_voucher_float_is_what_can_be_used',
    'The float of every batch is the sum of its active vouchers, and nothing of it is pending.',
    `select format('%s in bucket %s: vouchers %s, float %s', coalesce(v.account, a.name),
       coalesce(v.bucket, a.bucket), v.amount, a.credits_posted - a.debits_posted) as example
     from (
       select bucket, 'top-up-voucher-float:' || batch_id as account, sum(amount) as amount
       from top_up_voucher where state = 'active' group by 1, 2
     ) v
     full join (select * from account where ${floats}) a
       on a.bucket = v.bucket and a.name = v.account
     where coalesce(v.amount, 0) <> coalesce(a.credits_posted - a.debits_posted, 0)
       or a.debits_pending + a.credits_pending <> 0`,
  ),
  invariant(
    'top_up_vouchers_sold_once',
    'What sellers owe for every batch is what was activated of it.',
    batchPosting({
      ...{ reason: reasons.topUpVoucherSold, side: 'credit' },
      where: 'activated_at is not null',
    }),
  ),
  invariant(
    'top_up_vouchers_returned_once',
    'What sellers had back of every batch is what was sold of it and then expired or was blocked.',
    batchPosting({
      ...{ reason: reasons.topUpVoucherReturned, side: 'debit' },
      where: `activated_at is not null and state in ('expired', 'blocked')`,
    }),
  ),
  invariant(
    'top_up_vouchers_used_once',
    'Every used voucher has one use with its code, serial number and amount, and every use its voucher.',
    `select format('voucher %s, use %s', v.serial, u.id) as example
     from (select * from top_up_voucher where state = 'used') v
     full join top_up_voucher_use u on u.id = v.use_id
     where v.use_id is null or u.id is null or u.code_mac <> v.code_mac or u.serial <> v.serial
       or u.amount <> v.amount`,
  ),
  invariant(
    'top_up_voucher_uses_are_posted',
    'Every use came into its wallet once.',
    `select format('use %s: %s, posted %s in %s', coalesce(u.id::text, t.subject), u.amount, t.amount,
       t.times) as example
     from top_up_voucher_use u
     full join (
       select bucket, credit_account, subject, sum(amount) as amount, count(*) as times
       from transfer
       where reason = '${reasons.topUpVoucher}' and starts_with(credit_account, 'user-balance:')
       group by 1, 2, 3
     ) t on t.bucket = u.bucket and t.subject = u.id::text
       and t.credit_account = 'user-balance:' || u.wallet_id
     where u.id is null or t.subject is null or t.amount <> u.amount or t.times <> 1`,
  ),
  invariant(
    'top_up_voucher_batches_are_whole',
    'Every batch that was made has as many vouchers as were asked for, all of its value, and no other has any.',
    `select format('batch %s: %s of %s', coalesce(b.id, v.batch_id), v.count, b.count) as example
     from top_up_voucher_batch b
     full join (
       select batch_id, count(*) as count, min(amount) as least, max(amount) as most,
         min(serial) as first, max(serial) as last, count(distinct serial) as serials
       from top_up_voucher group by 1
     ) v on v.batch_id = b.id
     where b.id is null
       or (b.made_at is null) <> (v.batch_id is null)
       or v.batch_id is not null and (v.count <> b.count or v.serials <> b.count
         or v.least <> b.amount or v.most <> b.amount
         or v.first <> b.no * 1000000 + 1 or v.last <> b.no * 1000000 + b.count)`,
  ),
]
