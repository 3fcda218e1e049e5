/** The bank's branch: issues, changes and replaces cards, takes and pays cash, prints statements. */
import { lastBill } from './bill.ts'
import { accountOf, type Book } from './book.ts'
import { type CardFacts, type NewCard, passesLuhn } from './card.ts'
import type { Bank, BankRefusal, CardView, Verdict } from './contract.ts'
import type { BankEvent } from './event.ts'
import type { Prover } from './proof.ts'
import { availableOf } from './ruling.ts'

export type CardOffice = Pick<
  Bank,
  'issue' | 'changeCard' | 'replaceCard' | 'moveCash' | 'endAgreement' | 'card' | 'cards'
>

const yes: Verdict<null> = { ok: true, value: null }
const no = (refusal: BankRefusal) => ({ ok: false, refusal }) as const

export function createCardOffice(options: {
  readonly book: Book
  readonly bins: readonly string[]
  readonly prover: Prover
  readonly record: (event: BankEvent) => void
  readonly now: () => number
  readonly businessDay: () => string
}): CardOffice {
  const { book, bins, prover, record, now } = options
  const isOurs = (pan: string) => passesLuhn(pan) && bins.some((bin) => pan.startsWith(bin))
  const withCard = (pan: string, act: (card: CardFacts) => Verdict<null>) => {
    const card = book.cards.get(pan)
    return card ? act(card) : no('unknown_card')
  }
  const change = (pan: string, changed: Partial<Omit<CardFacts, 'pan' | 'account'>>) =>
    record({ type: 'card_changed', at: now(), pan, change: changed })
  return {
    issue(card) {
      if (book.cards.has(card.pan)) return no('card_exists')
      if (!isOurs(card.pan)) return no('card_number_invalid')
      if (!isPin(card.pin)) return no('pin_invalid')
      const { balance, ...facts } = card
      record({ type: 'issued', at: now(), card: factsOf(facts, prover), balance })
      return yes
    },
    changeCard: (pan, { mobile, pin, ...rest }) =>
      withCard(pan, ({ holder, account }) => {
        if (pin !== undefined && !isPin(pin)) return no('pin_invalid')
        change(pan, {
          ...rest,
          ...(mobile !== undefined && { holder: { ...holder, mobile } }),
          ...(pin !== undefined && { pinProof: prover.prove('pin', account, pin) }),
        })
        return yes
      }),
    replaceCard: (pan, by) =>
      withCard(pan, (card) => {
        if (book.cards.has(by.pan)) return no('card_exists')
        if (!isOurs(by.pan)) return no('card_number_invalid')
        const { pan: newPan, expiry, cvn2 } = by
        const cvn2Proof = prover.prove('cvn2', newPan, cvn2)
        const replacement = { ...card, pan: newPan, expiry, cvn2Proof, status: 'active' } as const
        record({ type: 'issued', at: now(), card: replacement, balance: 0n })
        change(pan, { status: 'replaced' })
        return yes
      }),
    moveCash: (pan, amount) =>
      withCard(pan, (card) => {
        if (availableOf(book, card) + amount < 0n) return no('not_enough_money')
        record({ type: 'cash_moved', at: now(), account: card.account, amount })
        return yes
      }),
    endAgreement: (pan) =>
      withCard(pan, () => {
        record({ type: 'agreement_ended', at: now(), pan })
        return yes
      }),
    card: (pan) => viewOf(book, pan, options.businessDay()),
    cards: () =>
      [...book.cards.keys()].flatMap((pan) => viewOf(book, pan, options.businessDay()) ?? []),
  }
}

const isPin = (pin: string) => /^\d{4,12}$/.test(pin)

function factsOf({ pin, cvn2, ...card }: Omit<NewCard, 'balance'>, prover: Prover): CardFacts {
  return {
    ...{ status: 'active', cardless: true, limits: {}, creditLimit: 0n, billDay: 0, dueDay: 0 },
    ...card,
    account: card.pan,
    pinProof: prover.prove('pin', card.pan, pin),
    cvn2Proof: prover.prove('cvn2', card.pan, cvn2),
  }
}

function viewOf(book: Book, pan: string, day: string): CardView | undefined {
  const facts = book.cards.get(pan)
  if (!facts) return undefined
  const { pinProof: _pin, cvn2Proof: _cvn2, ...card } = facts
  const account = accountOf(book, card.account)
  const bill = lastBill(facts, account, day)
  const agreement = book.agreements.get(pan)
  return {
    card,
    balance: account.balance,
    available: availableOf(book, facts),
    ...(bill && { bill }),
    ...(agreement && { agreement }),
    statement: account.entries,
  }
}
