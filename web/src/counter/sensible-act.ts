// The act that is offered first.
import type { Screen } from './screens.ts'
import type { CustomerView } from './views.ts'

/** What this customer has most likely come for. */
export function sensibleFor({ wallet, cards, pin }: CustomerView): Screen {
  if (!wallet || wallet.state === 'closed') return 'open'
  if (cards.some(({ state }) => state === 'needs_rebinding')) return 'cards'
  if (pin?.locked) return 'pin'
  return cards.length === 0 ? 'bind' : 'cash'
}
