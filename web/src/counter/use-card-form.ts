// What binding and binding again have in common. The card's number leaves memory with the form.
import { useState } from 'react'
import { expiryOf } from './card-number.ts'
import { noCard, type TypedCard } from './card-step.tsx'
import { useCounter } from './counter-context.ts'
import { type CardCheck, useCardCheck } from './use-card-check.ts'
import { type OwnerCheck, useOwnerCheck } from './use-owner-check.ts'
import { type Pin, usePin } from './use-pin.ts'

export type CardForm = {
  card: TypedCard
  setCard: (card: TypedCard) => void
  owner: OwnerCheck
  check: CardCheck
  pin: Pin
  securityCode: Pin
}

/** `binding` is that of a card which is bound again. */
export function useCardForm(binding: string | null = null): CardForm {
  const { document } = useCounter().atDesk
  const [card, setCard] = useState(noCard)
  const owner = useOwnerCheck(document)
  const { number, expiry } = card
  const check = useCardCheck({ document, number, expiry: expiryOf(expiry), binding })
  const pin = usePin()
  const securityCode = usePin()
  return { card, setCard, owner, check, pin, securityCode }
}
