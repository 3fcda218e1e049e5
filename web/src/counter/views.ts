// What the counter's API answers, as far as the page shows it. Times are RFC 3339, amounts strings of fen.
import type { Fen } from '../fen.ts'
import type { Name } from '../names.ts'
import type { Person, StaffSession } from '../staff/session.ts'

export type TillView = {
  id: string
  desk: string
  person: Person
  state: 'open' | 'closed'
  openedAt: string
  closedAt: string | null
  float: Fen
  balance: Fen
  held: Fen
  cashIn: Fen
  cashOut: Fen
  counted: Fen | null
  difference: Fen | null
  reason: string | null
  /** What of a closed one went to the bank. */
  banked: { amount: Fen; slip: string } | null
}

export type AgreementView = { version: string; title: Name; points: Name[] }

export type SessionView = StaffSession & {
  till: TillView | null
  cashApprovalAbove: Fen
  agreement: AgreementView
}

export type CardState =
  | 'draft'
  | 'verifying'
  | 'code_sent'
  | 'active'
  | 'needs_rebinding'
  | 'suspended'
  | 'unbound'

export type CardView = {
  id: string
  bank: string
  bankName: Name
  kind: 'debit' | 'credit'
  maskedNumber: string
  state: CardState
  boundAt: string | null
  isDefault: boolean
  bill: { left: Fen; leastLeft: Fen; dueOn: string } | null
}

export type CustomerView = {
  msisdn: string
  carrier: string
  brand: string
  billing: 'prepaid' | 'postpaid'
  region: string
  status: 'active' | 'suspended' | 'closed'
  simKind: 'ordinary' | 'wallet'
  coolOffUntil: string | null
  owner: {
    level: 'basic' | 'verified'
    maskedName: string
    maskedNumber: string
    since: string
  } | null
  pin: {
    state: 'initial' | 'active'
    triesLeft: number
    initialUntil: string | null
    locked: boolean
  } | null
  cards: CardView[]
  wallet: {
    id: string
    state: 'open' | 'closing' | 'closed'
    balance: Fen
    points: string
    unseenCodes: number
  } | null
}

export type OwnerCheckView = { registered: boolean; same: boolean }

export type CheckName = 'owner' | 'card' | 'free' | 'room' | 'open'

export type CardCheckView = {
  bank: string | null
  bankName: Name | null
  kind: 'debit' | 'credit' | null
  maskedNumber: string
  checks: { check: CheckName; ok: boolean; refusal: { code: string; words: Name } | null }[]
}

export type ActKind =
  | 'open'
  | 'bind'
  | 'rebind'
  | 'unbind'
  | 'pin_reset'
  | 'sim_change'
  | 'close'
  | 'cash_in'
  | 'cash_out'

export type ActView = {
  id: string
  kind: ActKind
  state: 'begun' | 'done' | 'refused'
  waitsFor: 'answer' | 'code' | null
  msisdn: string
  amount: Fen | null
  shown: Record<string, string>
  voucher: string | null
  refusal: { type: string; code: string; words: Name } | null
  person: string
  beganAt: string
  endedAt: string | null
}

export type ApprovalState = 'asked' | 'approved' | 'declined' | 'withdrawn' | 'used' | 'expired'

export type ApprovalView = {
  id: string
  kind: string
  state: ApprovalState
  shown: Record<string, string>
  reason: string
  askedBy: Person
  askedAt: string
  expiresAt: string
  decidedBy: Person | null
  decidedAt: string | null
  note: string | null
}

export type ActAnswer = { act: ActView | null; approval: ApprovalView | null }

export type TillCloseAnswer = { till: TillView | null; approval: ApprovalView | null }

export type VoucherView = {
  number: string
  state: 'reserved' | 'issued' | 'void'
  title: Name | null
  lines: { label: Name; value: string | Name }[]
  note: Name | null
  issuedAt: string | null
  prints: number
}

export type Told = { type: string; code: string; words: Name }

export type Items<T> = { items: T[] }
