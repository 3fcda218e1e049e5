/** What must hold of payment codes, whatever the program did. */
import { type Invariant, invariant } from '../ledger/index.ts'

export const paymentCodeInvariants: readonly Invariant[] = [
  invariant(
    'payment_codes_go_forward',
    'No code of an alias was taken after a later one, and none when the alias had ended.',
    `select format('alias of session %s: step %s', a.session_id, u.step) as example
     from payment_code_alias a join (
       select bucket, alias, step, used_at,
         max(used_at) over (partition by bucket, alias order by step
           rows between unbounded preceding and 1 preceding) as used_before
       from payment_code_use) u on u.bucket = a.bucket and u.alias = a.alias
     where u.used_at < u.used_before or u.used_at >= a.expires_at or u.used_at > a.revoked_at`,
  ),
]
