/** What must hold of sign-ins, whatever the program did. */
import { type Invariant, invariant } from '../ledger/index.ts'

export const signInInvariants: readonly Invariant[] = [
  invariant(
    'sessions_are_of_live_numbers',
    'Nobody is signed in with a number that is closed or unknown: whoever has it next must not meet him.',
    `select format('session %s goes on, its number is closed or unknown', s.id) as example
     from sign_in_session s where s.ended_at is null and not exists (
       select from subscriber l
       where l.bucket = s.bucket and l.msisdn = s.msisdn and l.status <> 'closed')`,
  ),
  invariant(
    'sessions_end_with_the_sim',
    'A session that goes on began after the last change of the SIM that is known.',
    `select format('session %s goes on, the SIM was changed at %s', s.id, l.sim_changed_at) as example
     from sign_in_session s
     join subscriber l on l.bucket = s.bucket and l.msisdn = s.msisdn
     where s.ended_at is null and s.began_at < l.sim_changed_at`,
  ),
  invariant(
    'sessions_end_with_their_passkey',
    'A session that goes on and says which passkey began it has one that is still there.',
    `select format('session %s goes on, its passkey was removed', s.id) as example
     from sign_in_session s
     where s.ended_at is null and s.credential_id is not null and not exists (
       select from sign_in_passkey p where p.bucket = s.bucket
         and p.credential_id = s.credential_id and p.msisdn = s.msisdn)`,
  ),
  invariant(
    'passkeys_are_of_live_numbers',
    'No number that is closed or unknown has a passkey: whoever has it next must not meet its owner.',
    `select format('a passkey made at %s is of a number that is closed or unknown', p.made_at) as example
     from sign_in_passkey p where not exists (
       select from subscriber l
       where l.bucket = p.bucket and l.msisdn = p.msisdn and l.status <> 'closed')`,
  ),
]
