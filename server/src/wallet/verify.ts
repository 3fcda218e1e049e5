/**
 * What must hold of wallets at every instant, each rule as one statement over the rows alone: the wallet and
 * its movements, their history, their money in the ledger, the timers that drive them. Like those of the
 * ledger they trust neither the code nor the constraints.
 */

import { type Invariant, invariant, reasons } from '../ledger/index.ts'
import { nextOfAccount } from './account.ts'
import { historyInvariants } from './history-verify.ts'
import { atBank, first, type Kind, next, unfinished } from './movement.ts'
import { repaymentInvariants } from './repayments-verify.ts'
import { topics } from './topics.ts'

const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(', ')
const open = quoted(unfinished)
const asked = quoted(atBank)
const sent = quoted(['withdrawal', 'repayment', 'card_transfer'] satisfies readonly Kind[])
const kinds = Object.keys(first) as readonly Kind[]

/** Every edge, an event that changes nothing too, and the beginning as an edge from nothing. */
const edges: readonly (readonly [of: string, from: string, to: string])[] = [
  ['account', '', 'open'],
  ...Object.entries(nextOfAccount).flatMap(([from, states]) =>
    [from, ...states].map((to) => ['account', from, to] as const),
  ),
  ...kinds.flatMap((kind) => [
    ...first[kind].flatMap((state) => [[kind, '', state] as const, [kind, state, state] as const]),
    ...Object.entries(next[kind]).flatMap(([from, states]) =>
      [...states, from].map((to) => [kind, from, to] as const),
    ),
    ...Object.values(next[kind])
      .flat()
      .map((end) => [kind, end, end] as const),
  ]),
]

const rows = `select bucket, id, version, state, 'account' as kind from wallet_account
  union all
  select bucket, id, version, state, kind from wallet_movement`

/** The lines that a movement in this state has written, and no others: kind, from, to, amount, why. */
const balance = `'user-balance:' || m.wallet_id`
const clearing = `'bank-clearing:' || m.bank`
const transit = `'withdrawals-in-transit:' || m.bank`
const drawer = `'counter-cash:' || m.till`
const feeIncome = `'withdrawal-fee-income'`

interface Line {
  readonly of: string
  readonly kind: string
  readonly from: string
  readonly to: string
  readonly amount: 'amount' | 'fee'
  readonly reason: string
}

const line = (of: string, from: string, to: string, reason: string): Line => ({
  ...{ of, kind: 'transfer', from, to, amount: 'amount', reason },
})
const withdrawal = `m.kind = 'withdrawal'`
const cardTransfer = `m.kind = 'card_transfer'`
/** One that waits for its top-up has not left the balance, and never will when it is refused. */
const repayment = `m.kind = 'repayment' and m.state not in ('funding', 'refused')`
const returned = (kind: string) => `m.kind = '${kind}' and m.state = 'returned'`
const paid = (kind: string) => `m.kind = '${kind}' and m.state = 'paid'`
const lines: readonly Line[] = [
  { ...line(`m.kind = 'top_up'`, clearing, balance, reasons.topUp), kind: 'pending' },
  {
    ...line(`m.kind = 'top_up' and m.state = 'done'`, clearing, balance, reasons.topUp),
    kind: 'post',
  },
  {
    ...line(
      `m.kind = 'top_up' and m.state in ('refused', 'reversed')`,
      clearing,
      balance,
      reasons.topUp,
    ),
    kind: 'void',
  },
  line(withdrawal, balance, transit, reasons.withdrawal),
  { ...line(withdrawal, balance, feeIncome, reasons.withdrawalFee), amount: 'fee' },
  line(paid('withdrawal'), transit, clearing, reasons.withdrawalPaid),
  line(returned('withdrawal'), transit, balance, reasons.withdrawalReturn),
  { ...line(returned('withdrawal'), feeIncome, balance, reasons.withdrawalReturn), amount: 'fee' },
  line(repayment, balance, transit, reasons.repayment),
  { ...line(repayment, balance, feeIncome, reasons.repaymentFee), amount: 'fee' },
  line(paid('repayment'), transit, clearing, reasons.repaymentPaid),
  line(returned('repayment'), transit, balance, reasons.repaymentReturn),
  { ...line(returned('repayment'), feeIncome, balance, reasons.repaymentReturn), amount: 'fee' },
  line(cardTransfer, balance, transit, reasons.cardTransfer),
  { ...line(cardTransfer, balance, feeIncome, reasons.cardTransferFee), amount: 'fee' },
  line(paid('card_transfer'), transit, clearing, reasons.cardTransferPaid),
  line(returned('card_transfer'), transit, balance, reasons.cardTransferReturn),
  {
    ...line(returned('card_transfer'), feeIncome, balance, reasons.cardTransferReturn),
    amount: 'fee',
  },
  line(`m.kind = 'cash_in'`, drawer, balance, reasons.cashIn),
  line(`m.kind = 'cash_out'`, balance, drawer, reasons.cashOut),
]

const walletReasons = quoted([
  ...[reasons.topUp, reasons.withdrawal, reasons.withdrawalFee, reasons.withdrawalPaid],
  ...[reasons.withdrawalReturn, reasons.repayment, reasons.repaymentFee, reasons.repaymentPaid],
  ...[reasons.repaymentReturn, reasons.cashIn, reasons.cashOut],
  ...[reasons.cardTransfer, reasons.cardTransferFee],
  ...[reasons.cardTransferPaid, reasons.cardTransferReturn],
])

const expected = lines
  .map(
    ({ of, kind, from, to, amount, reason }) => `
      select m.bucket, m.id::text as subject, '${kind}' as kind, ${from} as debit, ${to} as credit,
        m.${amount} as amount, '${reason}' as reason
      from wallet_movement m where ${of} and m.${amount} > 0`,
  )
  .join(' union all ')

export const walletInvariants: readonly Invariant[] = [
  ...historyInvariants({
    ...{ name: 'wallet', of: 'a wallet or a movement', table: 'wallet_event', rows, edges },
  }),
  invariant(
    'wallet_movements_are_in_the_ledger',
    'What a movement wrote in the ledger is exactly what its kind and state call for, and nothing else.',
    `with wanted as (
       select bucket, subject, kind, debit, credit, amount, reason, count(*) as n
       from (${expected}) w group by 1, 2, 3, 4, 5, 6, 7
     ), written as (
       select bucket, subject, kind, debit_account as debit, credit_account as credit, amount, reason,
         count(*) as n
       from transfer where reason in (${walletReasons}) group by 1, 2, 3, 4, 5, 6, 7
     )
     select format('movement %s in bucket %s: %s of %s from %s to %s is there %s times, wanted %s',
       subject, bucket, kind, amount, debit, credit, coalesce(t.n, 0), coalesce(w.n, 0)) as example
     from wanted w
     full join written t using (bucket, subject, kind, debit, credit, amount, reason)
     where w.n is distinct from t.n`,
  ),
  invariant(
    'wallet_movements_have_their_date',
    'A movement has the business date of the line that changed the balance, and an end when it ended.',
    `select format('movement %s (%s) in bucket %s', m.id, m.state, m.bucket) as example
     from wallet_movement m
     left join transfer t on t.bucket = m.bucket and t.id = m.id and t.kind = 'transfer'
     left join transfer p on p.bucket = m.bucket and p.pending_id = m.id and p.kind = 'post'
     where m.business_date is distinct from coalesce(t.business_date, p.business_date)
       or (m.ended_at is null) <> (m.state in (${open}))
       or m.unknown_since is null and m.state = 'unknown'
       or (m.sealed_pin is not null or m.sealed_payee is not null) and m.state <> 'requested'`,
  ),
  invariant(
    'wallet_transit_is_what_is_open',
    'What is in transit to a bank is the sum of what was sent to cards and has not ended.',
    `with wanted as (
       select bucket, ${transit} as name, sum(amount) as amount
       from wallet_movement m where kind in (${sent}) and state in (${asked}) group by 1, 2
     ), held as (
       select bucket, name,
         credits_posted + credits_pending - debits_posted - debits_pending as amount
       from account where name like 'withdrawals-in-transit:%'
     )
     select format('%s in bucket %s: %s held, %s open', name, bucket, h.amount, w.amount) as example
     from wanted w full join held h using (bucket, name)
     where coalesce(w.amount, 0) <> coalesce(h.amount, 0)`,
  ),
  invariant(
    'wallet_balances_are_sound',
    'Every balance belongs to a wallet and is not below zero; a closed wallet is empty and has nothing open.',
    `with held as (
       select bucket, substr(name, 14) as id,
         credits_posted - debits_posted - debits_pending as amount, credits_pending
       from account where name like 'user-balance:%'
     )
     select format('wallet %s (%s) in bucket %s has %s', h.id, a.state, h.bucket, h.amount) as example
     from held h
     left join wallet_account a on a.bucket = h.bucket and a.id::text = h.id
     where a.id is null or h.amount < 0
       or a.state = 'closed' and (h.amount <> 0 or h.credits_pending <> 0)
     union all
     select format('wallet %s in bucket %s is closed, and movement %s is open', a.id, a.bucket, m.id)
     from wallet_account a
     join wallet_movement m on m.bucket = a.bucket and m.wallet_id = a.id and m.state in (${open})
     where a.state = 'closed'`,
  ),
  invariant(
    'wallet_numbers_have_one',
    'A number has at most one wallet, and a movement is of a wallet of its number.',
    `select format('%s wallets of one number in bucket %s, one is %s', count(*), bucket,
       min(id::text)) as example
     from wallet_account where state <> 'closed' and released_at is null
     group by bucket, msisdn having count(*) > 1
     union all
     select format('movement %s in bucket %s', m.id, m.bucket)
     from wallet_movement m
     left join wallet_account a on a.bucket = m.bucket and a.id = m.wallet_id
     where a.msisdn is distinct from m.msisdn`,
  ),
  invariant(
    'wallet_timers_are_set',
    'Whatever waits for a bank has the timer that drives it, and what has ended has none.',
    `with wanted as (
       select bucket, id::text as subject from wallet_movement where state in (${asked})
     ), timer as (
       select bucket, subject from job where topic = '${topics.drive}'
     )
     select format('%s of %s in bucket %s %s', '${topics.drive}', subject, bucket,
       case when t.seen is null then 'is missing' else 'has nothing to do' end) as example
     from (select *, true as wanted from wanted) w
     full join (select *, true as seen from timer) t using (bucket, subject)
     where w.wanted is null or t.seen is null
     union all
     select format('%s of %s in bucket %s has nothing to do', j.topic, j.subject, j.bucket)
     from job j
     left join wallet_movement m on m.bucket = j.bucket and m.id::text = j.subject
     where j.topic = '${topics.undo}' and (m.kind is distinct from 'top_up'
       or m.state not in ('refused', 'reversed'))`,
  ),
  ...repaymentInvariants,
]
