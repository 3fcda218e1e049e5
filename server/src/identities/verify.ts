/** What must hold of people and their numbers, whatever the program did. */
import { type Invariant, invariant } from '../ledger/index.ts'

export const identityInvariants: readonly Invariant[] = [
  invariant(
    'identities_are_found',
    'Every identity is found under its lookup key, no hash leads elsewhere, and its version is that of its seal.',
    `select format('identity %s has no hash under version %s', i.id, i.lookup_version) as example
     from identity i where not exists (
       select from identity_lookup l where l.identity_id = i.id and l.key_version = i.lookup_version)
     union all
     select format('a hash leads to %s, which is no identity', l.identity_id) from identity_lookup l
     where not exists (select from identity i where i.id = l.identity_id)
     union all
     select format('identity %s says version %s', id, key_version) from identity
     where split_part(sealed_name, '.', 2) <> key_version::text
       or split_part(sealed_number, '.', 2) <> key_version::text`,
  ),
  invariant(
    'owners_have_live_numbers',
    'Every owner is an identity, and no number that is closed or unknown has one.',
    `select format('ownership %s is of %s, which is no identity', o.id, o.identity_id) as example
     from number_owner o where not exists (select from identity i where i.id = o.identity_id)
     union all
     select format('ownership %s goes on, and its number is closed or unknown', o.id)
     from number_owner o where o.ended_at is null and not exists (
       select from subscriber s
       where s.bucket = o.bucket and s.msisdn = o.msisdn and s.status <> 'closed')`,
  ),
]
