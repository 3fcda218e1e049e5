/**
 * The bank's own check of a PIN (one bank keeps the customer's PIN itself). Wrong ones are counted by
 * calendar day; the third locks the card's PIN until the next one.
 */
import { decryptPin, type PinZone } from '@telepurse/iso8583'
import type { Book } from './book.ts'
import type { CardFacts } from './card.ts'
import type { BankEvent } from './event.ts'
import type { Prover } from './proof.ts'

/** Wrong PINs in a day. */
const wrongPinsMax = 3

/** Field 39 when the PIN is refused, and what is to be recorded. */
export interface PinRuling {
  readonly code?: '55' | '75' | '99'
  readonly event?: BankEvent
}

export function tryPin(
  { book, prover }: { readonly book: Book; readonly prover: Prover },
  card: CardFacts,
  tried: {
    readonly block: Uint8Array
    readonly zones: readonly PinZone[]
    readonly at: number
    readonly date: string
  },
): PinRuling {
  const { block, zones, at, date } = tried
  const wrong = book.wrongPins.get(card.pan)
  const count = wrong?.date === date ? wrong.count : 0
  if (count >= wrongPinsMax) return { code: '75' }
  const pins = zones.flatMap((zone) => {
    const read = decryptPin(zone, { block, pan: card.pan })
    return read.ok ? [read.value] : []
  })
  // A block that no key opens is a key out of step, not a try.
  if (pins.length === 0) return { code: '99' }
  const right = pins.some((pin) => prover.holds(card.pinProof, 'pin', card.account, pin.reveal()))
  const event = { type: 'pin_tried', at, pan: card.pan, date, right } as const
  if (right) return count > 0 ? { event } : {}
  return { code: count + 1 >= wrongPinsMax ? '75' : '55', event }
}
