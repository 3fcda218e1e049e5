/** What must hold of bindings, whatever the program did. */
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

/** Each card that a binding holds, by its state. */
const held = `select id, card_token as token from bank_card
    where state in ('verifying', 'code_sent', 'active', 'needs_rebinding', 'suspended')
  union all
  select id, next_token from bank_card where state in ('verifying', 'code_sent') and next_token is not null`

export const bindingInvariants: readonly Invariant[] = [
  rule(
    'cards_have_one_number',
    'Every card that a binding holds is entered as its own, and no card is entered for another.',
    `with held as (${held})
     select format('binding %s does not have card %s', held.id, held.token) as example from held
     where not exists (select from bank_card_holder h
       where h.card_token = held.token and h.binding_id = held.id)
     union all
     select format('card %s is entered for %s, which does not hold it', h.card_token, h.binding_id)
     from bank_card_holder h where not exists (select from held
       where held.token = h.card_token and held.id = h.binding_id)
     order by 1`,
  ),
  rule(
    'active_cards_were_confirmed',
    'Every card that may pay was confirmed by its bank, for this very binding.',
    `select format('binding %s is active without a yes', id) as example from bank_card b
     where state in ('active', 'suspended') and not exists (select from bank_card_verification v
       where v.card_token = b.card_token and v.binding_id = b.id and v.answer = 'done')
     order by 1`,
  ),
]
