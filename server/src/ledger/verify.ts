/**
 * The ledger's invariants, each as one statement: two statements would see two instants and cry
 * wolf. They trust neither the code nor the constraints, so that rows changed by hand are found
 * too.
 */
import type { Reader } from '../db/index.ts'
import { unitIn } from './unit.ts'

export interface Invariant {
  readonly name: string
  readonly description: string
  check(reader: Reader): Promise<{ readonly offences: bigint; readonly examples: string[] }>
}

/** `offence` is a query whose rows are the offences, each said in its one column `example`. */
export const invariant = (name: string, description: string, offence: string): Invariant => ({
  name,
  description,
  async check(reader) {
    const [row] = await reader.query<{ offences: bigint; examples: string | null }>(`
      with offence as materialized (${offence}),
      first as (select example from offence order by example limit 5)
      select (select count(*) from offence) as offences,
        (select string_agg(example, e'\\n') from first) as examples`)
    return { offences: row?.offences ?? 0n, examples: row?.examples?.split('\n') ?? [] }
  },
})

// What each transfer did to its two accounts. A settling transfer takes the whole of its pending
// one off the pending side, and a post adds its own amount to the posted side.
const movements = `
  movement as (
    select entry.bucket, entry.account, entry.version, entry.id, entry.side, entry.created_at,
      entry.debits_pending, entry.debits_posted, entry.credits_pending, entry.credits_posted,
      case
        when entry.kind = 'pending' then entry.amount
        when entry.kind = 'transfer' then 0
        else -coalesce(pending.amount, 0)
      end as pending,
      case when entry.kind in ('transfer', 'post') then entry.amount else 0 end as posted
    from entry
    left join transfer pending on pending.bucket = entry.bucket and pending.id = entry.pending_id
  )`

export const ledgerInvariants: readonly Invariant[] = [
  invariant(
    'ledger_debits_equal_credits',
    'In every bucket the debits of all accounts of one unit equal their credits, pending and posted.',
    `select format('bucket %s, %s: debits %s pending, %s posted; credits %s pending, %s posted',
       bucket, ${unitIn('name')}, sum(debits_pending), sum(debits_posted), sum(credits_pending),
       sum(credits_posted)) as example
     from account group by bucket, ${unitIn('name')}
     having sum(debits_pending) <> sum(credits_pending)
       or sum(debits_posted) <> sum(credits_posted)`,
  ),
  invariant(
    'ledger_transfers_are_sound',
    'Every transfer has a positive amount and two different accounts of one unit that exist.',
    `select format('transfer %s in bucket %s', t.id, t.bucket) as example
     from transfer t
     where t.amount <= 0 or t.debit_account = t.credit_account
       or ${unitIn('t.debit_account')} <> ${unitIn('t.credit_account')}
       or t.kind not in ('transfer', 'pending', 'post', 'void', 'expire')
       or (t.pending_id is not null) <> (t.kind in ('post', 'void', 'expire'))
       or 2 <> (select count(*) from account a
         where a.bucket = t.bucket and a.name in (t.debit_account, t.credit_account))`,
  ),
  invariant(
    'ledger_balances_equal_their_transfers',
    'The four balances of every account are the sums of its transfers.',
    `with ${movements}, summed as (
       select bucket, account,
         coalesce(sum(pending) filter (where side = 'debit'), 0) as debits_pending,
         coalesce(sum(posted) filter (where side = 'debit'), 0) as debits_posted,
         coalesce(sum(pending) filter (where side = 'credit'), 0) as credits_pending,
         coalesce(sum(posted) filter (where side = 'credit'), 0) as credits_posted
       from movement group by bucket, account
     )
     select format('%s in bucket %s', a.name, a.bucket) as example
     from account a
     left join summed s on s.bucket = a.bucket and s.account = a.name
     where a.debits_pending <> coalesce(s.debits_pending, 0)
       or a.debits_posted <> coalesce(s.debits_posted, 0)
       or a.credits_pending <> coalesce(s.credits_pending, 0)
       or a.credits_posted <> coalesce(s.credits_posted, 0)`,
  ),
  invariant(
    'ledger_history_has_no_gap',
    'The transfers of an account are numbered from 1 to its version, each number once.',
    `select format('%s in bucket %s: version %s, %s transfers numbered %s to %s', a.name, a.bucket,
       a.version, count(e.id), min(e.version), max(e.version)) as example
     from account a
     left join entry e on e.bucket = a.bucket and e.account = a.name
     group by a.bucket, a.name, a.version
     having count(e.id) <> a.version or count(distinct e.version) <> a.version
       or coalesce(min(e.version), 1) <> 1 or coalesce(max(e.version), 0) <> a.version`,
  ),
  invariant(
    'ledger_history_is_a_chain',
    'The balances after each transfer follow from those before it, up to those of the account.',
    `with ${movements}, step as (
       select movement.*,
         lag(debits_pending, 1, 0::int8) over history as was_debits_pending,
         lag(debits_posted, 1, 0::int8) over history as was_debits_posted,
         lag(credits_pending, 1, 0::int8) over history as was_credits_pending,
         lag(credits_posted, 1, 0::int8) over history as was_credits_posted,
         lead(version) over history is null as is_last
       from movement
       window history as (partition by bucket, account order by version)
     )
     select format('transfer %s on %s in bucket %s', step.id, step.account, step.bucket) as example
     from step
     left join account a on a.bucket = step.bucket and a.name = step.account
     where step.debits_pending - step.was_debits_pending
         <> case step.side when 'debit' then step.pending else 0 end
       or step.debits_posted - step.was_debits_posted
         <> case step.side when 'debit' then step.posted else 0 end
       or step.credits_pending - step.was_credits_pending
         <> case step.side when 'credit' then step.pending else 0 end
       or step.credits_posted - step.was_credits_posted
         <> case step.side when 'credit' then step.posted else 0 end
       or step.is_last and (step.debits_pending, step.debits_posted, step.credits_pending,
           step.credits_posted)
         is distinct from (a.debits_pending, a.debits_posted, a.credits_pending, a.credits_posted)`,
  ),
  invariant(
    'ledger_history_runs_forward',
    'No transfer of an account is earlier than the one before; the account has the time of the last.',
    `with step as (
       select bucket, account, id, created_at,
         lag(created_at) over history as was_created_at,
         lead(version) over history is null as is_last
       from entry
       window history as (partition by bucket, account order by version)
     )
     select format('transfer %s on %s in bucket %s', step.id, step.account, step.bucket) as example
     from step
     left join account a on a.bucket = step.bucket and a.name = step.account
     where step.created_at < step.was_created_at
       or step.is_last and step.created_at is distinct from a.changed_at`,
  ),
  invariant(
    'ledger_flags_are_respected',
    'No account is below zero or beyond what its flags allow, nor was it after any transfer.',
    `with state as (
       select bucket, name, flags, version, debits_pending, debits_posted, credits_pending,
         credits_posted
       from account
       union
       select e.bucket, e.account, a.flags, e.version, e.debits_pending, e.debits_posted,
         e.credits_pending, e.credits_posted
       from entry e join account a on a.bucket = e.bucket and a.name = e.account
     )
     select format('%s in bucket %s at version %s', name, bucket, version) as example
     from state
     where least(debits_pending, debits_posted, credits_pending, credits_posted) < 0
       or flags not between 0 and 2
       or flags & 1 <> 0 and debits_pending + debits_posted > credits_posted
       or flags & 2 <> 0 and credits_pending + credits_posted > debits_posted`,
  ),
  invariant(
    'ledger_pendings_settle_once',
    'What posts, voids or expires ends one pending transfer, alone, and moves no more than it.',
    `select format('transfer %s in bucket %s', s.id, s.bucket) as example
     from transfer s
     left join transfer p on p.bucket = s.bucket and p.id = s.pending_id and p.kind = 'pending'
     where s.kind in ('post', 'void', 'expire') and (
       p.id is null
       or s.debit_account <> p.debit_account or s.credit_account <> p.credit_account
       or s.amount > p.amount
       or s.kind <> 'post' and s.amount <> p.amount
       or exists (
         select from transfer other
         where other.bucket = s.bucket and other.pending_id = s.pending_id and other.id <> s.id
       )
     )`,
  ),
  invariant(
    'ledger_holds_are_open',
    'The pending balances of every account are the sums of its pending transfers still open.',
    `with held as (
       select e.bucket, e.account,
         coalesce(sum(e.amount) filter (where e.side = 'debit'), 0) as debits,
         coalesce(sum(e.amount) filter (where e.side = 'credit'), 0) as credits
       from entry e
       where e.kind = 'pending' and not exists (
         select from transfer s where s.bucket = e.bucket and s.pending_id = e.id
       )
       group by e.bucket, e.account
     )
     select format('%s in bucket %s', a.name, a.bucket) as example
     from account a
     left join held on held.bucket = a.bucket and held.account = a.name
     where a.debits_pending <> coalesce(held.debits, 0)
       or a.credits_pending <> coalesce(held.credits, 0)`,
  ),
]
