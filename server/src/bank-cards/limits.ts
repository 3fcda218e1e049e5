/** Whether a card may pay now, and how much: for whoever is about to take money from it. */
import { type Amount, accept, type Result, refuse } from '../kernel/index.ts'
import type { BankTerms } from './bin-table.ts'
import { bindingPolicy, type CardBinding } from './binding.ts'
import type { BindingRefusal } from './words.ts'

/** Null where there is no limit but the bank's own. */
export interface CardLimit {
  readonly single: Amount | null
  readonly day: Amount | null
}

export function limitOf(
  card: CardBinding,
  terms: BankTerms | undefined,
  now: number,
): Result<CardLimit, BindingRefusal> {
  const { state, lockedUntil } = card
  if (state === 'suspended') return refuse('card_unavailable')
  // While it is asked for again, the bank's last word on it is still no.
  if (state !== 'active')
    return refuse(isBound(card) && state !== 'unbound' ? 'needs_rebinding' : 'state_differs')
  if (!terms) return refuse('not_open')
  if (lockedUntil !== null && now < lockedUntil) return refuse('pin_tries_exceeded')
  return accept({
    single: isNew(card, now) ? bindingPolicy.firstDaySingle : null,
    day: terms.dayLimit[card.kind],
  })
}

const isBound = ({ boundAt }: CardBinding) => boundAt !== null

const isNew = ({ kind, boundAt }: CardBinding, now: number) =>
  kind === 'debit' && boundAt !== null && now < boundAt + bindingPolicy.firstDayMs
