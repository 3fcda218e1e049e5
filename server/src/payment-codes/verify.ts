/** What must hold of payment codes, whatever the program did. */
import { type Invariant, invariant } from '../ledger/index.ts'

export const paymentCodeInvariants: readonly Invariant[] = [
  invariant(
    'payment_codes_go_forward',
    'The last step taken of an alias is the latest of its uses, and none was used when it had ended.',
    `select format('alias of session %s: last step %s, uses up to %s', a.session_id, a.last_step, u.step) as example
     from payment_code_alias a left join lateral (
       select max(step) as step, max(used_at) as used_at from payment_code_use u
       where u.bucket = a.bucket and u.alias = a.alias) u on true
     where a.last_step is distinct from u.step or u.used_at >= a.expires_at or u.used_at > a.revoked_at`,
  ),
]
