// What the app's API answers, as this page reads it. Amounts are strings of fen, moments RFC 3339.
import type { Fen } from '../fen.ts'
import type { Name } from '../names.ts'

export type Source = 'wallet' | 'card' | 'phone_bill'
export type Room = { limit: Fen; left: Fen }

export type Me = {
  /** Masked, as the page shows it. */
  number: string
  name: string | null
  level: 'basic' | 'verified' | null
  class: 'I' | 'II' | 'III' | null
  language: 'zh' | 'en'
  wallet: {
    id: string
    state: 'open' | 'closing' | 'closed'
    frozen: 'none' | 'in' | 'out' | 'both'
  } | null
  pin: 'none' | 'initial' | 'set' | 'locked'
  /** Whether a passkey may stand for the PIN. */
  passkey: boolean
  sources: readonly Source[]
  limits: { day: Room; year: Room } | null
  phoneBill: { leftToday: Fen; leftThisMonth: Fen }
}

export type Balance = {
  available: Fen
  held: readonly { why: string; amount: Fen }[]
  inTransit: Fen
  asOf: string
}

export type LineKind =
  | 'payment'
  | 'refund'
  | 'transfer'
  | 'face_to_face'
  | 'packet'
  | 'bill'
  | 'top_up'
  | 'top_up_voucher'
  | 'withdrawal'
  | 'repayment'
  | 'card_transfer'
  | 'fee'
  | 'cash_in'
  | 'cash_out'

/** A change of the balance. */
export type Line = {
  id: string
  at: string
  date: string
  kind: LineKind | null
  title: Name
  /** Signed: what came in, or went out. */
  amount: Fen
  balance: Fen
  counterparty: Name | null
  orderNo: string | null
  memo: string | null
  /** Of the payment, movement or transfer that it belongs to. */
  subject: string
}

export type Page<T> = { items: readonly T[]; next: string | null }

export type Card = {
  id: string
  bank: Name
  kind: 'debit' | 'credit'
  last4: string
  state: 'active' | 'needs_rebinding' | 'suspended'
}

/** `delayFrom`: from this amount on 24 h are the better arrival; null for whom one knows. */
export type Payee = {
  number: string
  name: string | null
  hasWallet: boolean
  delayFrom: Fen | null
}

export type Arrival = 'now' | '2h' | '24h'

export type Transfer = {
  id: string
  direction: 'in' | 'out'
  from: string
  to: string
  amount: Fen
  memo: string
  state: 'done' | 'delayed' | 'cancelled' | 'waiting_claim' | 'claimed' | 'returned'
  requestedAt: string
  arrivesAt: string | null
  returnsAt: string | null
  endedAt: string | null
}

/** Money from a card into the wallet, or to it; or the bill of a credit card repaid. */
export type Movement = {
  id: string
  kind: 'top_up' | 'withdrawal' | 'repayment' | 'card_transfer' | 'cash_in' | 'cash_out'
  amount: Fen
  fee: Fen
  speed: 'same_day' | 'next_day' | null
  last4: string | null
  /** Masked: whose card it is, where it is somebody else's. */
  payee: string | null
  billedOn: string | null
  state: 'funding' | 'requested' | 'unknown' | 'done' | 'refused' | 'reversed' | 'paid' | 'returned'
  reason: { name: string; code: string | null } | null
  requestedAt: string
  unknownSince: string | null
  endedAt: string | null
}

export type CardTransferQuote = { bank: Name; last4: string; fee: Fen; total: Fen }

export type AutoAmount = 'full' | 'minimum'

export type CardBill = {
  bill: {
    billedOn: string
    dueOn: string
    amount: Fen
    minimum: Fen
    paid: Fen
    onTheWay: Fen
    left: Fen
    leastLeft: Fen
    source: 'customer' | 'bank'
    asOf: string
  } | null
  auto: AutoAmount | null
}

export type Session = {
  id: string
  device: string
  signedInBy: 'code' | 'passkey'
  signedInAt: string
  seenAt: string
  current: boolean
}

export type Passkey = {
  id: string
  /** Of which it was made. */
  device: string
  madeAt: string
  usedAt: string | null
  /** It signed this device in. */
  current: boolean
  /** It may stand for the PIN. */
  confirms: boolean
}
