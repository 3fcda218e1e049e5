/**
 * What must hold of points at every instant, each rule as one statement over the rows alone: lots and the ledger,
 * what purchases earned, what was taken for rewards, and that points end with their wallet.
 */
import { type Invariant, invariant, reasons } from '../ledger/index.ts'
import { topics as paymentTopics } from '../payments/index.ts'
import { topics } from './points.ts'

/** What the ledger says of each subject, in or out. */
const posted = (way: 'credit' | 'debit', reason: string) => `
  select bucket, ${way}_account as account, subject, sum(amount) as points, count(*) as times
  from transfer where reason = '${reason}' and starts_with(${way}_account, 'points-balance:')
  group by 1, 2, 3`

/** Rows and lines of the ledger, one for one. */
const oneForOne = (given: {
  readonly rows: string
  readonly way: 'credit' | 'debit'
  readonly reason: string
}) => `
  select format('%s in bucket %s: %s, posted %s in %s', coalesce(r.id::text, l.subject),
    coalesce(r.bucket, l.bucket), r.points, l.points, l.times) as example
  from (${given.rows}) r
  full join (${posted(given.way, given.reason)}) l
    on l.bucket = r.bucket and l.subject = r.id::text
      and l.account = 'points-balance:' || r.wallet_id
  where r.id is null or l.subject is null or l.points <> r.points or l.times <> 1`

const redemptions = (where: string) =>
  `select bucket, id, wallet_id, points from points_redemption where ${where}`
const adjustments = (sign: '>' | '<') =>
  `select bucket, id, wallet_id, abs(points) as points from points_adjustment where points ${sign} 0`

export const pointsInvariants: readonly Invariant[] = [
  invariant(
    'points_lots_are_the_balance',
    'The lots of every wallet add up to its balance in the ledger, of which nothing is pending.',
    `select format('%s in bucket %s: lots %s, ledger %s', coalesce(l.account, a.name),
       coalesce(l.bucket, a.bucket), l.points, a.credits_posted - a.debits_posted) as example
     from (
       select bucket, 'points-balance:' || wallet_id as account, sum(points) as points
       from points_lot group by 1, 2
     ) l
     full join (select * from account where starts_with(name, 'points-balance:')) a
       on a.bucket = l.bucket and a.name = l.account
     where coalesce(l.points, 0) <> coalesce(a.credits_posted - a.debits_posted, 0)
       or a.debits_pending + a.credits_pending <> 0`,
  ),
  invariant(
    'points_earned_once',
    'What every purchase earned was posted once.',
    oneForOne({
      rows: 'select bucket, payment_id as id, wallet_id, earned as points from points_earning',
      way: 'credit',
      reason: reasons.pointsEarned,
    }),
  ),
  invariant(
    'points_follow_the_money',
    'What a purchase keeps of its points fits what was not paid back, unless that is being settled.',
    `select format('payment %s in bucket %s: earned %s, taken %s', e.payment_id, e.bucket, e.earned,
       e.taken) as example
     from points_earning e
     left join payment p on p.bucket = e.bucket and p.id = e.payment_id
     where p.id is null or p.charged_at is null
       or e.earned > p.amount / 100 * e.per_yuan
       or e.earned - e.taken <> (p.amount - p.refunded) / 100 * e.per_yuan
         and not exists (select from job where job.bucket = e.bucket
           and job.topic = '${paymentTopics.points}' and job.subject = e.payment_id::text)`,
  ),
  invariant(
    'points_taken_back_or_owed',
    'What refunds took from every wallet was posted, or is owed.',
    `select format('%s in bucket %s: taken %s, posted %s, owed %s', account, bucket, sum(taken),
       sum(posted), sum(owed)) as example
     from (
       select bucket, 'points-balance:' || wallet_id as account, taken, 0 as posted, 0 as owed
       from points_earning
       union all
       select bucket, 'points-balance:' || wallet_id, 0, 0, points from points_debt
       union all
       select bucket, account, 0, points, 0
       from (${posted('debit', reasons.pointsTakenBack)}) back
     ) step
     group by bucket, account having sum(taken) <> sum(posted) + sum(owed)`,
  ),
  invariant(
    'points_spent_on_rewards',
    'Every reward that was taken was paid once.',
    oneForOne({ rows: redemptions('true'), way: 'debit', reason: reasons.pointsSpent }),
  ),
  invariant(
    'points_given_back',
    'Every reward that was cancelled was given back once, and no other.',
    oneForOne({
      ...{ rows: redemptions(`state = 'cancelled'`), way: 'credit' },
      reason: reasons.pointsReturned,
    }),
  ),
  invariant(
    'points_adjusted_in',
    'What the operator gave was posted once.',
    oneForOne({ rows: adjustments('>'), way: 'credit', reason: reasons.pointsAdjusted }),
  ),
  invariant(
    'points_adjusted_out',
    'What the operator took was posted once.',
    oneForOne({ rows: adjustments('<'), way: 'debit', reason: reasons.pointsAdjusted }),
  ),
  invariant(
    'points_rewards_are_counted',
    'Of every reward there is what was stocked, left what nobody took, and its free codes are as many.',
    `select format('reward %s: stock %s, stocked %s, remaining %s, taken %s, codes %s, free %s', r.id,
       r.stock, s.stocked, r.remaining, d.taken, v.codes, v.free) as example
     from points_reward r
     cross join lateral (
       select coalesce(sum(pieces), 0) as stocked from points_stocking where reward_id = r.id
     ) s
     cross join lateral (
       select count(*) as taken from points_redemption
       where reward_id = r.id and state <> 'cancelled'
     ) d
     cross join lateral (
       select count(*) as codes, count(*) filter (where redemption_id is null) as free
       from points_voucher where reward_id = r.id
     ) v
     where r.stock <> s.stocked
       or r.remaining <> r.stock - d.taken
       or r.kind = 'voucher' and (v.codes <> r.stock or v.free <> r.remaining)
       or r.kind = 'stock' and v.codes <> 0`,
  ),
  invariant(
    'points_codes_have_one_owner',
    'Every code that is not free was given to a redemption of its reward that stands, and is its code.',
    `select format('code %s of reward %s', v.place, v.reward_id) as example
     from points_voucher v
     left join points_redemption d on d.id = v.redemption_id
     where v.redemption_id is not null and (d.id is null or d.reward_id <> v.reward_id
       or d.code is distinct from v.code)`,
  ),
  invariant(
    'points_end_with_their_wallet',
    'A wallet that is closed or has lost its number has no points, unless they are about to go.',
    `select format('%s in bucket %s', l.wallet_id, l.bucket) as example
     from points_lot l
     left join wallet_account w on w.bucket = l.bucket and w.id = l.wallet_id
     where l.points > 0 and (w.id is null or w.state = 'closed' or w.released_at is not null)
       and not exists (select from job where job.bucket = l.bucket
         and job.topic = '${topics.forfeit}' and job.subject = l.wallet_id::text)`,
  ),
]
