/**
 * What must hold of payments at every instant, each rule as one statement over the rows alone: the
 * payment, its history, its money in the ledger, the limits it used, the timer that drives it. Like
 * those of the ledger they trust neither the code nor the constraints.
 */
import { type Invariant, invariant } from '../ledger/index.ts'
import { next, paidStates, type State } from './payment.ts'
import { topics } from './topics.ts'

/** Where a yes was said and no money moved: the hold is void and the room is given back. */
const givenUp: readonly State[] = ['charge_failed', 'cancelled', 'expired', 'reversed']
const charged: readonly State[] = [...paidStates, 'refunded']
const ended: readonly State[] = [
  'refused',
  'cancelled',
  'expired',
  'charge_failed',
  'reversed',
  'delivered',
  'refunded',
]

const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(', ')
const edges = Object.entries(next).flatMap(([from, states]) =>
  [from, ...states].map((to) => `('${from}', '${to}')`),
)
/** Whose account the money comes from (`funds.ts`). */
const fundsOf = (alias: string) =>
  `case ${alias}.source when 'card' then 'bank-clearing:' || (${alias}.card->>'bank')
     when 'wallet' then 'user-balance:' || ${alias}.wallet_id
     else 'carrier-receivable:' || ${alias}.carrier end`
const paymentOf = (alias: string) =>
  `format('payment %s (%s) in bucket %s', ${alias}.id, ${alias}.state, ${alias}.bucket)`

/** Which timer a state needs. Exactly these rows are there, and no others of their topics. */
const timers: readonly (readonly [topic: string, states: readonly State[]])[] = [
  [topics.deadline, ['awaiting_confirm', 'reserved']],
  [topics.drive, ['reserving', 'charging', 'charge_unknown', 'reversing']],
  [topics.delivery, ['delivering', 'delivery_unknown']],
]

/** An unknown charge is asked about for a day and then reversed; an hour more is the longest wait. */
const patienceMs = 26 * 3_600_000

export const paymentInvariants: readonly Invariant[] = [
  invariant(
    'payment_limits_count_what_was_bought',
    'Every limit counter is the sum of the payments confirmed in its period, less what gave room back.',
    // The day of the yes is in the charge id; the room a refund gave back is said in its event.
    `with counted as (
       select p.msisdn, p.source, p.card->>'id' as card, p.wallet_id, p.code_proof,
         p.merchant_id, p.amount, coalesce(r.of_day, 0) as of_day,
         coalesce(r.of_month, 0) as of_month, concat_ws('-', substr(p.charge_id, 3, 4),
           substr(p.charge_id, 7, 2), substr(p.charge_id, 9, 2)) as day
       from payment p
       left join (
         select bucket, payment_id,
           sum((data->>'amount')::int8) filter (where data->>'room' = 'day') as of_day,
           sum((data->>'amount')::int8) filter (where data->>'room' in ('day', 'month')) as of_month
         from payment_event where type = 'refunded' and data->>'room' is not null
         group by bucket, payment_id
       ) r on r.bucket = p.bucket and r.payment_id = p.id
       where p.confirmed_at is not null and p.state not in (${quoted(givenUp)})
     ), expected as (
       select 'number:' || msisdn as subject, 'D' || day as period, sum(amount - of_day) as used
         from counted where source = 'phone_bill' group by 1, 2
       union all
       select 'number:' || msisdn, 'M' || left(day, 7), sum(amount - of_month)
         from counted where source = 'phone_bill' group by 1, 2
       union all
       select 'card:' || card, 'D' || day, sum(amount - of_day)
         from counted where source = 'card' group by 1, 2
       union all
       select concat_ws(':', code_proof, source, coalesce(card, wallet_id::text)), 'D' || day, sum(amount - of_day)
         from (
           select code_proof, source, card, wallet_id, day, amount, of_day from counted
             where code_proof is not null and source <> 'phone_bill'
           union all
           -- What friends have read counts in the same day.
           select code_proof, 'wallet', null, wallet_id, business_date::text, amount, 0 from wallet_transfer
             where code_proof is not null
         ) c group by 1, 2
       union all
       select 'merchant:' || merchant_id, 'D' || day, sum(amount - of_day)
         from counted group by 1, 2
     ), actual as (
       select subject, period, sum(used) as used from limit_counter
         where subject !~ '^wallet' group by 1, 2
     )
     select format('%s in %s: %s used, %s counted',
       regexp_replace(subject, '[0-9]{4}([0-9]{4})$', '****\\1'), period, e.used, a.used) as example
     from expected e full join actual a using (subject, period)
     where coalesce(e.used, 0) <> coalesce(a.used, 0) or a.used < 0`,
  ),
  invariant(
    'payment_keys_have_one_effect',
    'Every business key stands for a payment, refund or payment page that exists, and nothing else was made under it.',
    `with made as (
       select e.payment_id, k.name,
         case e.type when 'refund_requested' then (e.data->>'refundId')::uuid else e.payment_id end
           as subject
       from payment_event e
       cross join lateral jsonb_array_elements_text(e.data->'keys') k (name)
       where jsonb_typeof(e.data->'keys') = 'array'
     ), placed as (
       -- The last byte of an id names its bucket.
       select *, ('x' || right(subject::text, 2))::bit(8)::int % 64 as home from business_key
     )
     select format('key of %s for %s', scope, subject) as example
     from placed
     where not exists (select from payment p where p.bucket = home and p.id = subject)
       and not exists (select from refund r where r.bucket = home and r.id = subject)
       and not exists (select from checkout c where c.bucket = home and c.id = subject)
     union all
     select format('%s was made under a key that stands for %s', m.subject,
       coalesce(k.subject::text, 'nothing'))
     from made m left join business_key k on k.scope || '|' || k.key = m.name
     where k.subject is distinct from m.subject`,
  ),
  invariant(
    'payment_numbers_are_given_once',
    'No two payments have one order number, or one number under which the carrier was asked.',
    `select format('order number %s: %s payments, one in bucket %s', order_no, count(*),
       min(bucket)) as example
     from payment group by order_no having count(*) > 1
     union all
     select format('charge id %s: %s payments, one in bucket %s', charge_id, count(*), min(bucket))
     from payment where charge_id is not null group by charge_id having count(*) > 1`,
  ),
  invariant(
    'payment_history_has_no_gap',
    'The events of a payment are numbered from 1 to its version, each number once.',
    `select format('payment %s in bucket %s: version %s, %s events numbered %s to %s',
       coalesce(p.id, e.payment_id), coalesce(p.bucket, e.bucket), p.version, e.events, e.first,
       e.last) as example
     from payment p
     full join (
       select bucket, payment_id, count(distinct seq) as events, min(seq) as first, max(seq) as last
       from payment_event group by bucket, payment_id
     ) e on e.bucket = p.bucket and e.payment_id = p.id
     where (e.events, e.first, e.last) is distinct from (p.version::int8, 1, p.version)`,
  ),
  invariant(
    'payment_states_follow_the_table',
    'Every event leads along an edge of the state table, from the first state to that of the payment.',
    `with edge (before, after) as (values ${edges.join(', ')}),
     step as (
       select bucket, payment_id, seq, type, data->>'state' as state,
         lag(data->>'state') over history as before, lag(seq) over history is null as is_first,
         lead(seq) over history is null as is_last
       from payment_event window history as (partition by bucket, payment_id order by seq)
     )
     select format('payment %s in bucket %s: %s to %s by %s', step.payment_id, step.bucket,
       coalesce(step.before, 'nothing'), step.state, step.type) as example
     from step
     left join payment p on p.bucket = step.bucket and p.id = step.payment_id
     where step.state is null
       or step.is_first and step.state not in ('awaiting_confirm', 'refused')
       or step.is_last and step.state is distinct from p.state
       or not step.is_first and not exists (
         select from edge where edge.before = step.before and edge.after = step.state
       )`,
  ),
  invariant(
    'payment_ends_are_dated',
    'A payment has an end exactly when nothing more is due, and a charge exactly when it was paid.',
    `select ${paymentOf('p')} as example
     from payment p
     where (p.ended_at is not null) <> (p.state in (${quoted(ended)}))
       or (p.business_date is not null) <> (p.state in (${quoted(charged)}))
       or (p.charged_at is not null) <> (p.business_date is not null)
       or (p.confirmed_at is not null) <> (p.charge_id is not null)
       or p.charged_at is not null and p.confirmed_at is null`,
  ),
  invariant(
    'payment_refunds_add_up',
    'What a payment says is returned and on its way is the sum of its refunds, and never more than it.',
    `with summed as (
       select bucket, payment_id, min(msisdn) as msisdn, max(msisdn) as last_msisdn,
         coalesce(sum(amount) filter (where state = 'succeeded'), 0) as refunded,
         coalesce(sum(amount) filter (where state in ('processing', 'unknown')), 0) as refunding
       from refund group by bucket, payment_id
     )
     select format('payment %s in bucket %s: %s returned and %s on its way of %s, refunds say %s and %s',
       coalesce(p.id, s.payment_id), coalesce(p.bucket, s.bucket), p.refunded, p.refunding, p.amount,
       s.refunded, s.refunding) as example
     from payment p
     full join summed s on s.bucket = p.bucket and s.payment_id = p.id
     where p.id is null
       or p.refunded <> coalesce(s.refunded, 0) or p.refunding <> coalesce(s.refunding, 0)
       or p.refunded + p.refunding > p.amount
       or (s.msisdn, s.last_msisdn) is distinct from (p.msisdn, p.msisdn) and s.msisdn is not null
       or p.state = 'refunded' and p.refunded <> p.amount
       or s.payment_id is not null and p.business_date is null`,
  ),
  invariant(
    'payment_charges_are_in_the_ledger',
    'A yes has a hold: open while open, posted when charged, else void; that of a wallet is one line on its date.',
    `select ${paymentOf('p')} as example
     from payment p
     left join transfer h on h.bucket = p.bucket and h.id = p.id
     left join transfer s on s.bucket = p.bucket and s.pending_id = p.id
     where p.confirmed_at is null and h.id is not null
       or p.confirmed_at is not null and (
         h.kind is distinct from case p.source when 'wallet' then 'transfer' else 'pending' end
         or h.amount <> p.amount
         or h.debit_account <> ${fundsOf('p')}
         or h.credit_account <> 'merchant-pending:' || p.merchant_id
         or s.kind is distinct from case
           when p.source = 'wallet' then null
           when p.state in (${quoted(charged)}) then 'post'
           when p.state in (${quoted(givenUp)}) then 'void'
         end
         or s.kind = 'post' and (s.amount, s.business_date) is distinct from (p.amount, p.business_date)
         or h.kind = 'transfer' and h.business_date is distinct from p.business_date
       )
     union all
     select format('transfer %s in bucket %s has no payment', t.id, t.bucket)
     from transfer t
     where (t.kind = 'pending' and t.reason = 'charge' or t.reason = 'payment') and not exists (
       select from payment p where p.bucket = t.bucket and p.id = t.id
     )`,
  ),
  invariant(
    'payment_refunds_are_in_the_ledger',
    'A refund has a hold: open while open, posted when made, else void; one to a wallet is one line on its date.',
    `select format('refund %s (%s) in bucket %s', r.id, r.state, r.bucket) as example
     from refund r
     left join payment p on p.bucket = r.bucket and p.id = r.payment_id
     left join transfer h on h.bucket = r.bucket and h.id = r.id
     left join transfer s on s.bucket = r.bucket and s.pending_id = r.id
     where p.id is null
       or p.source = 'wallet' and (h.kind, s.kind) is distinct from
         (case r.state when 'succeeded' then 'transfer' end, null::text)
       or h.kind = 'transfer' and h.business_date is distinct from r.business_date
       or p.source <> 'wallet' and h.kind is distinct from 'pending' or h.amount <> r.amount
       or h.debit_account not in ('merchant-pending:' || p.merchant_id,
         'merchant-payable:' || p.merchant_id)
       or h.credit_account <> ${fundsOf('p')}
       or p.source <> 'wallet' and s.kind is distinct from
         case r.state when 'succeeded' then 'post' when 'denied' then 'void' end
       or s.kind = 'post' and (s.amount, s.business_date) is distinct from (r.amount, r.business_date)
       or (r.business_date is not null) <> (r.state = 'succeeded')
       or (r.ended_at is not null) <> (r.state in ('succeeded', 'denied'))
     union all
     select format('transfer %s in bucket %s has no refund', t.id, t.bucket)
     from transfer t
     where t.kind in ('pending', 'transfer') and t.reason = 'refund' and not exists (
       select from refund r where r.bucket = t.bucket and r.id = t.id
     )`,
  ),
  invariant(
    'payment_timers_are_set',
    'Whatever is not finished has the timer that drives it, and what is finished has none.',
    `with expected as (
       ${timers
         .map(
           ([topic, states]) => `select bucket, '${topic}' as topic, id::text as subject
             from payment where state in (${quoted(states)})`,
         )
         .join(' union all ')}
       union all
       select bucket, '${topics.refund}', id::text from refund
         where state in ('processing', 'unknown')
     ), actual as (
       select bucket, topic, subject from job
       where topic in (${quoted([...timers.map(([topic]) => topic), topics.refund])})
     )
     select format('%s of %s in bucket %s %s', topic, subject, bucket,
       case when a.seen is null then 'is missing' else 'has nothing to do' end) as example
     from (select *, true as wanted from expected) e
     full join (select *, true as seen from actual) a using (bucket, topic, subject)
     where e.wanted is null or a.seen is null
     union all
     select format('%s of %s in bucket %s has nothing to do', j.topic, j.subject, j.bucket)
     from job j
     left join payment p on p.bucket = j.bucket and p.id::text = j.subject
     where j.topic in ('${topics.release}', '${topics.undo}')
       and (p.id is null or p.state not in (${quoted(givenUp)}))`,
  ),
  invariant(
    'payment_outcomes_are_known_in_a_day',
    'No charge, reversal or refund has waited for the carrier for more than a day: somebody must look.',
    // The time is that of the timer itself, so that a clock which was moved is no false alarm.
    `select format('%s of %s in bucket %s', j.topic, j.subject, j.bucket) as example
     from job j
     left join payment p on p.bucket = j.bucket and p.id::text = j.subject
     left join refund r on r.bucket = j.bucket and r.id::text = j.subject
     where j.topic in ('${topics.drive}', '${topics.refund}')
       and j.due_at - coalesce(p.unknown_since, r.requested_at) > ${patienceMs}`,
  ),
]
