/**
 * A bank card bound to a phone number, and its life. Money moves only over an active one.
 *
 *   draft ──▶ verifying ──bank: yes──▶ active ──▶ needs_rebinding ──again──▶ verifying
 *     ▲         │  │  ▲                  │               │
 *     │         │  ▼  │ code             ▼               │
 *     └──no─────┘ code_sent           suspended ◀─────────┘   (suspended ──again──▶ verifying, all ──▶ unbound)
 *
 * A verification that nobody answered stays `verifying` and may be repeated, for no money moves. One that
 * is refused falls back to where it came from: to `draft`, or, when the card was bound before, to a state in
 * which it pays for nothing until the bank has said yes.
 */
import { assert, type Msisdn } from '../kernel/index.ts'

export type BindingState =
  | 'draft'
  | 'verifying'
  | 'code_sent'
  | 'active'
  | 'needs_rebinding'
  | 'suspended'
  | 'unbound'

/** The only edges there are. Verifying again while verifying is no edge: the state stays. */
export const bindingEdges: Readonly<Record<BindingState, readonly BindingState[]>> = {
  draft: ['verifying', 'unbound'],
  verifying: ['draft', 'code_sent', 'active', 'needs_rebinding', 'suspended', 'unbound'],
  code_sent: ['verifying', 'draft', 'needs_rebinding', 'unbound'],
  active: ['needs_rebinding', 'suspended', 'unbound'],
  needs_rebinding: ['verifying', 'suspended', 'unbound'],
  suspended: ['verifying', 'unbound'],
  unbound: [],
}

/** States in which the card is this number's and nobody else's, and counts against the bank's maximum. */
export const holdingStates = [
  'verifying',
  'code_sent',
  'active',
  'needs_rebinding',
  'suspended',
] as const satisfies readonly BindingState[]

export const holdsCard = (state: BindingState): boolean =>
  (holdingStates as readonly BindingState[]).includes(state)

/** Why a binding is in its state, where the state does not say it. */
export type BindingReason =
  /** The bank refused the card itself: lost, stolen, captured, inactive. */
  | 'card_unavailable'
  /** The bank has another card, another expiry or another PIN. */
  | 'card_changed'
  | 'card_expired'
  /** The last verification of a card that was bound before. */
  | 'verification_refused'
  | 'verification_abandoned'
  /** At the counter or by the customer. */
  | 'asked_for'
  | 'number_released'

export type CardKind = 'debit' | 'credit'

export interface CardBinding {
  readonly id: string
  readonly msisdn: Msisdn
  /** Whose name and document the bank has confirmed, or is asked to. */
  readonly identityId: string
  readonly bank: string
  readonly kind: CardKind
  /** The card in the vault; a replacement takes its place once the bank has said yes to it. */
  readonly cardToken: string
  readonly nextToken: string | null
  readonly first6: string
  readonly last4: string
  /** The number reserved at the bank. */
  readonly mobile: Msisdn
  readonly state: BindingState
  readonly reason: BindingReason | null
  /** The bank's number of the agreement, where it gives one. */
  readonly agreementNo: string | null
  /** Counts verifications, so that a late answer to an earlier one changes nothing. */
  readonly round: number
  /** One verification at a time: until then its answer is waited for. */
  readonly busyUntil: number | null
  readonly codeSentAt: number | null
  readonly codeTries: number
  /** Wrong PINs of the bank's since `wrongPinsSince`. */
  readonly wrongPins: number
  readonly wrongPinsSince: number | null
  /** The bank takes no PIN before. */
  readonly lockedUntil: number | null
  /** The owner's choice: the latest one counts. */
  readonly preferredAt: number | null
  readonly createdAt: number
  readonly updatedAt: number
  /** When it first became active. */
  readonly boundAt: number | null
  /** When the bank last said yes. */
  readonly verifiedAt: number | null
  readonly endedAt: number | null
}

/** The cards that are this binding's and no other's. */
export function heldBy({ state, cardToken, nextToken }: CardBinding): string[] {
  if (!holdsCard(state)) return []
  // A replacement is claimed with the question whether it is the customer's.
  const asked = state === 'verifying' || state === 'code_sent'
  return asked && nextToken !== null ? [cardToken, nextToken] : [cardToken]
}

export type BindingChanges = Partial<Omit<CardBinding, 'id' | 'msisdn' | 'state' | 'createdAt'>>

/** The binding after one step, along an edge or in the state it is in. */
export function moved(
  binding: CardBinding,
  state: BindingState,
  changes: BindingChanges,
  now: number,
): CardBinding {
  const stays = state === binding.state && state !== 'unbound'
  assert(
    stays || bindingEdges[binding.state].includes(state),
    `a binding does not go from ${binding.state} to ${state}`,
  )
  const asking = state === 'verifying' || state === 'code_sent'
  return {
    ...binding,
    ...changes,
    state,
    updatedAt: now,
    ...(!asking && { busyUntil: null, codeSentAt: null, codeTries: 0 }),
    ...(state === 'unbound' && { endedAt: now, nextToken: null }),
  }
}

export const bindingPolicy = {
  /** Of one card, in any 24 hours, whoever asks; the card network allows five (BK-E14). */
  verificationsMax: 4,
  verificationsMs: 24 * 3_600_000,
  /** As the bank's own. */
  codeMs: 5 * 60_000,
  codeTriesMax: 5,
  /** Longer than any answer is waited for. */
  busyMs: 90_000,
  /** Then a verification that nobody goes on with lets the card go. */
  abandonedMs: 30 * 60_000,
  /** Then a draft is dropped; not before its verifications have left the count. */
  draftMs: 24 * 3_600_000,
  lockMs: 24 * 3_600_000,
  /** A third one in a day means the PIN has been changed at the bank. */
  wrongPinsMax: 3,
  /** A debit card that is bound for less than a day pays at most this at once. */
  firstDayMs: 24 * 3_600_000,
  firstDaySingle: 1_000_00n,
} as const
