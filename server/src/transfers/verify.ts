/**
 * What must hold of money between people at every instant, each rule as one statement over the rows alone:
 * their history, their lines in the ledger, what is set aside, and the timers. They trust neither the code nor
 * the constraints. Shares of bills and parts of packets are in `shares-verify.ts`.
 */
import { type Invariant, invariant, reasons } from '../ledger/index.ts'
import { type HistoryRules, historyInvariants } from '../wallet/index.ts'
import { nextOfMandate } from './mandate.ts'
import { nextOfPacket } from './packet.ts'
import { firstOfRequest, nextOfRequest } from './request.ts'
import { shareInvariants } from './shares-verify.ts'
import { nextOfSplit } from './split.ts'
import { type Noun, topics } from './topics.ts'
import { first, next } from './transfer.ts'

const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(', ')
const nouns = Object.keys(topics) as readonly Noun[]

const machines: Readonly<
  Record<Noun, { first: readonly string[]; next: { [state: string]: readonly string[] } }>
> = {
  transfer: { first, next },
  request: { first: firstOfRequest, next: nextOfRequest },
  mandate: { first: ['active'], next: nextOfMandate },
  split: { first: ['open'], next: nextOfSplit },
  packet: { first: ['open'], next: nextOfPacket },
}

/** Every edge, an event that changes nothing too, and the beginning as an edge from nothing. */
const edges: HistoryRules['edges'] = nouns.flatMap((noun) => {
  const { first: begins, next: leads } = machines[noun]
  const states = new Set([...begins, ...Object.entries(leads).flat(2)])
  return [
    ...begins.map((state) => [noun, '', state] as const),
    ...[...states].map((state) => [noun, state, state] as const),
    ...Object.entries(leads).flatMap(([from, all]) => all.map((to) => [noun, from, to] as const)),
  ]
})

const rows = nouns
  .map((noun) => `select bucket, id, version, state, '${noun}' as kind from wallet_${noun}`)
  .join(' union all ')

/** The bucket that an id carries in its last byte. */
const bucketOf = (id: string) => `(('x' || right(${id}::text, 2))::bit(8)::int % 64)::int2`

interface Leg {
  readonly table: 'wallet_transfer t' | 'wallet_packet t' | 'wallet_packet_part t'
  readonly when: string
  readonly from: string
  readonly to: string
  /** The bucket of `to`; that of the row unless given. */
  readonly into?: string
  readonly amount?: string
  readonly subject?: string
  readonly reason: string
}

const balance = `'user-balance:' || t.wallet_id`
const theirs = `'user-balance:' || t.payee_wallet_id`
const theirBucket = bucketOf('t.payee_wallet_id')
const holds = `'user-holds:' || t.wallet_id`
const [unclaimed, packets] = [`'unclaimed-transfers'`, `'red-packets'`]
const isAtOnce = `t.state = 'done' and t.due_at is null`
const isWaited = `t.state in ('waiting_claim', 'claimed', 'returned')`

/** What each has moved in the state that it is in, and nothing else. */
const legs: readonly Leg[] = [
  {
    ...{ table: 'wallet_transfer t', when: `${isAtOnce} and t.code_proof is null` },
    ...{ from: balance, to: theirs, into: theirBucket, reason: reasons.transfer },
  },
  {
    ...{ table: 'wallet_transfer t', when: `${isAtOnce} and t.code_proof is not null` },
    ...{ from: balance, to: theirs, into: theirBucket, reason: reasons.faceToFace },
  },
  {
    ...{ table: 'wallet_transfer t', when: `t.due_at is not null and not ${isWaited}` },
    ...{ from: balance, to: holds, reason: reasons.transferHold },
  },
  {
    ...{ table: 'wallet_transfer t', when: `t.state = 'done' and t.due_at is not null` },
    ...{ from: holds, to: theirs, into: theirBucket, reason: reasons.transfer },
  },
  {
    ...{ table: 'wallet_transfer t', when: `t.state = 'cancelled'` },
    ...{ from: holds, to: balance, reason: reasons.transferBack },
  },
  {
    ...{ table: 'wallet_transfer t', when: isWaited },
    ...{ from: balance, to: unclaimed, reason: reasons.transferUnclaimed },
  },
  {
    ...{ table: 'wallet_transfer t', when: `t.state = 'claimed'` },
    ...{ from: unclaimed, to: theirs, into: theirBucket, reason: reasons.transfer },
  },
  {
    ...{ table: 'wallet_transfer t', when: `t.state = 'returned'` },
    ...{ from: unclaimed, to: balance, reason: reasons.transferReturn },
  },
  {
    ...{ table: 'wallet_packet t', when: 'true' },
    ...{ from: balance, to: packets, reason: reasons.packet },
  },
  {
    ...{ table: 'wallet_packet_part t', when: 't.wallet_id is not null', subject: 't.packet_id' },
    ...{ from: packets, to: balance, into: bucketOf('t.wallet_id'), reason: reasons.packetPart },
  },
  {
    ...{ table: 'wallet_packet t', when: `t.state = 'returned'`, reason: reasons.packetReturn },
    ...{ from: packets, to: balance },
    amount: `(select sum(p.amount) from wallet_packet_part p
      where p.bucket = t.bucket and p.packet_id = t.id and p.wallet_id is null)`,
  },
]

const leg = ({ table, when, from, to, into = 't.bucket', reason, ...rest }: Leg) =>
  `select t.bucket, ${into} as into_bucket, ${rest.subject ?? 't.id'}::text as subject,
     ${from} as from_account, ${to} as to_account, (${rest.amount ?? 't.amount'})::int8 as amount,
     '${reason}' as reason
   from ${table} where ${when}`

/** Between buckets there are two lines, over what one owes the other. */
const wantedLines = `leg as (${legs.map(leg).join(' union all ')}), line as (
    select bucket, subject, from_account as debit, case when bucket = into_bucket then to_account
      else 'between-buckets:' || into_bucket end as credit, amount, reason from leg
    union all
    select into_bucket, subject, 'between-buckets:' || bucket, to_account, amount, reason
    from leg where bucket <> into_bucket
  )`

const transferReasons = quoted([
  ...[reasons.transfer, reasons.transferHold, reasons.transferBack, reasons.transferUnclaimed],
  ...[reasons.transferReturn, reasons.packet, reasons.packetPart, reasons.packetReturn],
  reasons.faceToFace,
])

/** What lies in an account, beside what should. */
const setAside = (wanted: string) => `with wanted as (
    select bucket, name, sum(amount) as amount from (${wanted}) w group by 1, 2
  ), held as (
    select bucket, name, credits_posted + credits_pending - debits_posted - debits_pending as amount
    from account where name like 'user-holds:%' or name in ('unclaimed-transfers', 'red-packets')
  )
  select format('%s in bucket %s: %s held, %s open', name, bucket, h.amount, w.amount) as example
  from wanted w full join held h using (bucket, name)
  where coalesce(w.amount, 0) <> coalesce(h.amount, 0)`

const unfinished: Readonly<Record<Noun, string>> = {
  transfer: `state in ('delayed', 'waiting_claim')`,
  request: `state = 'open'`,
  mandate: `state = 'active' and due_at is not null`,
  split: `state = 'open'`,
  packet: `state = 'open'`,
}

export const transferInvariants: readonly Invariant[] = [
  ...historyInvariants({
    ...{ name: 'transfers', of: 'a transfer, request, mandate, bill or packet' },
    ...{ table: 'wallet_transfer_event', rows, edges },
  }),
  invariant(
    'transfers_are_in_the_ledger',
    'What a transfer or packet wrote in the ledger is exactly what its state calls for.',
    `with ${wantedLines}, wanted as (
       select bucket, subject, debit, credit, amount, reason, count(*) as n
       from line group by 1, 2, 3, 4, 5, 6
     ), written as (
       select bucket, subject, debit_account as debit, credit_account as credit, amount, reason,
         count(*) as n
       from transfer where reason in (${transferReasons}) group by 1, 2, 3, 4, 5, 6
     )
     select format('%s of %s in bucket %s: %s from %s to %s is there %s times, wanted %s', reason,
       subject, bucket, amount, debit, credit, coalesce(t.n, 0), coalesce(w.n, 0)) as example
     from wanted w
     full join written t using (bucket, subject, debit, credit, amount, reason)
     where w.n is distinct from t.n`,
  ),
  invariant(
    'transfers_have_their_date',
    'A transfer has the business date of the line that took it from the balance.',
    `select format('transfer %s in bucket %s', w.id, w.bucket) as example
     from wallet_transfer w left join transfer t on t.bucket = w.bucket and t.id = w.id
     where t.business_date is distinct from w.business_date`,
  ),
  invariant(
    'transfers_set_aside_what_is_open',
    'Held is what is delayed, unclaimed what waits for a wallet, in packets what nobody has opened.',
    setAside(`select bucket, 'user-holds:' || wallet_id as name, amount
        from wallet_transfer where state = 'delayed'
      union all
      select bucket, 'unclaimed-transfers', amount from wallet_transfer where state = 'waiting_claim'
      union all
      select p.bucket, 'red-packets', t.amount
      from wallet_packet p join wallet_packet_part t on t.bucket = p.bucket and t.packet_id = p.id
      where p.state = 'open' and t.wallet_id is null`),
  ),
  invariant(
    'transfers_are_between_wallets_of_their_numbers',
    'Who pays and who is paid are wallets of the numbers that stand there.',
    `select format('transfer %s in bucket %s', t.id, t.bucket) as example
     from wallet_transfer t
     left join wallet_account a on a.bucket = t.bucket and a.id = t.wallet_id
     left join wallet_account b on b.bucket = ${theirBucket} and b.id = t.payee_wallet_id
     where a.msisdn is distinct from t.msisdn
       or t.payee_wallet_id is not null and b.msisdn is distinct from t.payee`,
  ),
  invariant(
    'transfers_tie_their_wallets',
    'A wallet to which money may still come back is not closed.',
    `select format('wallet %s in bucket %s', a.id, a.bucket) as example
     from wallet_account a
     where a.state = 'closed' and (exists (
         select from wallet_transfer t where t.bucket = a.bucket and t.wallet_id = a.id
           and t.state in ('delayed', 'waiting_claim')
       ) or exists (
         select from wallet_packet p where p.bucket = a.bucket and p.wallet_id = a.id
           and p.state = 'open'))`,
  ),
  invariant(
    'transfers_timers_are_set',
    'Whatever waits for a time has the timer that ends it, and what has ended has none.',
    `with wanted as (${nouns
      .map(
        (noun) => `select '${topics[noun]}' as topic, bucket, id::text as subject
          from wallet_${noun} where ${unfinished[noun]}`,
      )
      .join(' union all ')}), timer as (
       select topic, bucket, subject from job where topic in (${quoted(Object.values(topics))})
     )
     select format('%s of %s in bucket %s %s', topic, subject, bucket,
       case when t.seen is null then 'is missing' else 'has nothing to do' end) as example
     from (select *, true as wanted from wanted) w
     full join (select *, true as seen from timer) t using (topic, bucket, subject)
     where t.seen is null or w.wanted is null and not exists (
       select from wallet_mandate m where m.bucket = t.bucket and m.id::text = t.subject
         and m.state = 'active')`,
  ),
  ...shareInvariants,
]
