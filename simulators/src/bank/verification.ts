/**
 * Verification of a card and its holder (0100): who a customer says to be, against what the bank has.
 *
 *   all right, PIN of the counter's pad given ──────────────▶ 00, agreement
 *   all right, nothing else ──▶ YM: a code was sent ──code──▶ 00, agreement
 *
 * Why it is 05 or 62 stands in field 57 behind `AR`.
 */
import type { Book } from './book.ts'
import type { CardFacts } from './card.ts'
import type { Identity } from './identity.ts'
import type { Prover } from './proof.ts'

const verificationReasons = {
  '001': 'name or number of the document differ',
  '002': 'the mobile number differs',
  '003': 'several of them differ',
  '004': 'another document than the resident identity card',
  '005': 'the mobile number has as many cards as the bank allows',
  '006': 'the code from the text is wrong',
  '007': 'the code from the text has expired',
} as const
export type VerificationReason = keyof typeof verificationReasons

export interface Finding {
  readonly code: string
  readonly reason?: VerificationReason
}

/** What keeps a customer from an agreement; undefined when it is he, and his card may be bound. */
export function findAgainst(
  { book, prover, cardsPerNumberMax }: { book: Book; prover: Prover; cardsPerNumberMax: number },
  card: CardFacts,
  identity: Identity,
): Finding | undefined {
  const { holder } = card
  if (!card.cardless) return { code: 'YT' }
  if (identity.idKind !== '01') return { code: '05', reason: '004' }
  const isHolder = identity.name === holder.name && identity.idNumber === holder.idNumber
  const isMobile = identity.mobile === holder.mobile
  if (!isHolder || !isMobile)
    return { code: '05', reason: isHolder ? '002' : isMobile ? '001' : '003' }
  if (card.kind === 'credit' && identity.cvn2 === undefined) return { code: '59' }
  if (identity.cvn2 !== undefined && !prover.holds(card.cvn2Proof, 'cvn2', card.pan, identity.cvn2))
    return { code: '59' }
  const others = [...book.agreements].filter(
    ([pan, { mobile }]) => mobile === identity.mobile && pan !== card.pan,
  )
  return others.length >= cardsPerNumberMax ? { code: '62', reason: '005' } : undefined
}
