/** What must hold of everything that is paid in parts: bills, packets, requests and mandates. */
import { type Invariant, invariant } from '../ledger/index.ts'
import { nameTriesMax } from './contact.ts'

/** Transfers that pay something, each beside what it pays: both must say the same. */
const paid = `select s.bucket, s.id, 'split' as origin, s.amount, s.transfer_id, h.msisdn as payee,
      s.msisdn as payer
    from wallet_split_share s join wallet_split h on h.bucket = s.bucket and h.id = s.split_id
    where s.state in ('paid', 'returned')
  union all
  select s.bucket, s.id, 'split_return', s.amount, null, s.msisdn, h.msisdn
    from wallet_split_share s join wallet_split h on h.bucket = s.bucket and h.id = s.split_id
    where s.state = 'returned'
  union all
  select bucket, id, case when code_alias is null then 'request' else 'code' end, amount, transfer_id,
      msisdn, payer from wallet_request where state = 'paid'`

export const shareInvariants: readonly Invariant[] = [
  invariant(
    'splits_add_up',
    'The shares of a bill and the own one are its total; one that has ended has no unpaid share.',
    `select format('bill %s (%s) in bucket %s', s.id, s.state, s.bucket) as example
     from wallet_split s
     left join wallet_split_share h on h.bucket = s.bucket and h.split_id = s.id
     group by s.bucket, s.id
     having s.own + coalesce(sum(h.amount), 0) <> s.total
       or s.state <> 'open' and count(*) filter (where h.state = 'unpaid') > 0
       or s.state = 'closed' and count(*) filter (where h.state in ('paid', 'returned')) = 0
       or count(distinct h.place) <> max(h.place) + 1`,
  ),
  invariant(
    'packets_add_up',
    'The parts of a packet are its amount; those opened are the first ones; an empty one has no other.',
    `select format('packet %s (%s) in bucket %s', p.id, p.state, p.bucket) as example
     from wallet_packet p
     left join wallet_packet_part t on t.bucket = p.bucket and t.packet_id = p.id
     group by p.bucket, p.id
     having coalesce(sum(t.amount), 0) <> p.amount or count(t.id) <> p.count
       or count(distinct t.place) <> p.count or max(t.place) <> p.count - 1
       or count(t.wallet_id) <> coalesce(max(t.place) filter (where t.wallet_id is not null) + 1, 0)
       or (p.state = 'emptied') <> (count(t.wallet_id) = p.count)
       or max(t.opened_at) >= p.due_at
       or p.kind = 'fixed' and min(t.amount) <> max(t.amount)`,
  ),
  invariant(
    'transfers_pay_what_they_say',
    'A share or request that is paid has one transfer, of its amount and between its people.',
    `with paid as (${paid}), made as (
       select origin_id, origin, id, amount, payee, msisdn as payer from wallet_transfer
       where origin in ('split', 'split_return', 'request', 'code')
     )
     select format('%s %s', coalesce(p.origin, m.origin), coalesce(p.id, m.origin_id)) as example
     from paid p
     full join made m on m.origin_id = p.id and m.origin = p.origin
     where (p.amount, p.payee, p.payer) is distinct from (m.amount, m.payee, m.payer)
       or p.transfer_id <> m.id
     union all
     select format('%s %s is paid %s times', origin, origin_id, count(*)) from made
     group by origin, origin_id having count(*) > 1`,
  ),
  invariant(
    'codes_are_agreed_to',
    'What a code moved without the PIN was never a question, and what the PIN moved was one in time.',
    `select format('transfer %s of request %s', t.id, r.id) as example
     from wallet_request r join wallet_transfer t on t.origin = 'code' and t.origin_id = r.id
     where (t.code_proof = 'one_factor') <> (r.version = 1 and r.ended_at = r.asked_at)
       or (t.code_proof = 'two_factors') <> (r.version > 1 and r.ended_at < r.due_at)`,
  ),
  invariant(
    'contacts_are_counted',
    'A pair is blocked by three wrong names and by nothing else; who was named right has none.',
    `select format('contact %s in bucket %s', id, bucket) as example
     from wallet_contact
     where (wrong >= ${nameTriesMax}) <> (blocked_until is not null)
       or known_at is not null and wrong > 0`,
  ),
  invariant(
    'mandates_are_kept',
    'What a mandate drew went from its payer to its payee, within its cap.',
    `select format('transfer %s in bucket %s', t.id, t.bucket) as example
     from wallet_transfer t
     left join wallet_mandate m on m.bucket = t.bucket and m.id = t.origin_id
     where t.origin = 'mandate' and ((m.wallet_id, m.payee_wallet_id)
         is distinct from (t.wallet_id, t.payee_wallet_id) or t.amount > m.cap)
     union all
     select format('mandate %s in bucket %s has used %s', m.id, m.bucket, m.used)
     from wallet_mandate m
     left join wallet_transfer t on t.bucket = m.bucket and t.origin = 'mandate'
       and t.origin_id = m.id
     group by m.bucket, m.id having m.used > coalesce(sum(t.amount), 0) or m.used > m.cap`,
  ),
]
