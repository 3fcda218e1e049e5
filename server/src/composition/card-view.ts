/** The cards of a number as those see them who let it pay: the text desk, the merchant API, the payment page. */
import {
  type BinTable,
  type CardBinding,
  type CardBindings,
  preferredOf,
} from '../bank-cards/index.ts'
import type { DeskCard } from '../channels/sms/index.ts'
import type { Amount, Msisdn } from '../kernel/index.ts'
import type { CardTerms } from '../payments/index.ts'
import type { Banks } from './banks.ts'
import type { Core } from './core.ts'

export interface CardView {
  /** All that were bound and have not ended, the preferred one first. */
  cardsOf(msisdn: Msisdn): Promise<readonly DeskCard[]>
  /** The card that pays first, with what it may pay now; null when none can. */
  payingCardOf(msisdn: Msisdn): Promise<CardTerms | null>
}

interface Tools extends Pick<Core, 'db' | 'clock' | 'policy'> {
  readonly bins: BinTable
  readonly bindings: CardBindings
  readonly banks: Pick<Banks, 'keepsPin'>
}

export function createCardView({ db, clock, policy, bins, bindings, banks }: Tools): CardView {
  function shown(card: CardBinding): DeskCard {
    const limit = bindings.limitFor(card, clock.now())
    const { cardSingleLimit, cardDayLimit } = policy.current()
    const { zh, en } = bins.termsOf(card.bank) ?? { zh: card.bank, en: card.bank }
    const { id, bank, last4 } = card
    const terms = {
      ...{ id, bank, bankName: { zh, en }, last4 },
      single: least(cardSingleLimit, limit.ok ? limit.value.single : 0n),
      day: least(cardDayLimit, limit.ok ? limit.value.day : 0n),
    }
    const refused =
      card.state === 'active' || card.state === 'suspended' ? 'suspended' : 'needs_rebinding'
    const pinKeptBy = banks.keepsPin(bank) ? 'bank' : 'wallet'
    return { terms, kind: card.kind, state: limit.ok ? 'active' : refused, pinKeptBy }
  }

  async function cardsOf(msisdn: Msisdn): Promise<readonly DeskCard[]> {
    const cards = await bindings.cardsOf(db, msisdn)
    const first = preferredOf(cards)
    const bound = cards.filter(({ boundAt }) => boundAt !== null)
    return bound.toSorted((a, b) => rank(a, first) - rank(b, first)).map(shown)
  }

  return {
    cardsOf,
    async payingCardOf(msisdn) {
      const [first] = await cardsOf(msisdn)
      return first?.state === 'active' ? first.terms : null
    },
  }
}

const rank = ({ id }: CardBinding, first: CardBinding | undefined) => (id === first?.id ? 0 : 1)
const least = (ours: Amount, theirs: Amount | null) =>
  theirs !== null && theirs < ours ? theirs : ours
