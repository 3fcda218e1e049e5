/** What must hold of cards, whatever the program did. */
import type { Reader } from '../db/index.ts'
import type { Invariant } from '../ledger/index.ts'

const examplesMax = 5

const rule = (name: string, description: string, offences: string): Invariant => ({
  name,
  description,
  async check(reader: Reader) {
    const rows = await reader.query<{ example: string }>(offences)
    return {
      offences: BigInt(rows.length),
      examples: rows.slice(0, examplesMax).map(({ example }) => example),
    }
  },
})

export const cardInvariants: readonly Invariant[] = [
  rule(
    'cards_are_found',
    'Every card that was not erased is found under its lookup key, and no hash leads elsewhere.',
    `select format('card %s has no hash under version %s', c.token, c.lookup_version) as example
     from card_vault c where sealed_pan is not null and not exists (
       select from card_lookup l where l.token = c.token and l.key_version = c.lookup_version)
     union all
     select format('a hash leads to %s, which is no card or was erased', l.token) from card_lookup l
     where not exists (
       select from card_vault c where c.token = l.token and c.sealed_pan is not null)
     order by 1`,
  ),
  rule(
    'cards_name_their_key',
    'The version of a card is that which its sealed number and expiry name.',
    `select format('card %s says version %s', token, key_version) as example from card_vault
     where split_part(sealed_pan, '.', 2) <> key_version::text
       or split_part(sealed_expiry, '.', 2) <> key_version::text
     order by 1`,
  ),
]
