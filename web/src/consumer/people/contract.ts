// Money between people as the app's API answers it. Numbers of others are masked.
import type { Fen } from '../../fen.ts'
import type { Name } from '../../names.ts'

export type ShareState = 'unpaid' | 'paid' | 'returned' | 'void'

export type Share = {
  id: string
  number: string
  amount: Fen
  state: ShareState
  isOwn: boolean
  /** False where it is over, or more than is left of the payment the bill is of. */
  isPayable: boolean
}

export type SplitRow = {
  id: string
  title: string
  by: string
  isOwn: boolean
  total: Fen
  /** Of who began it, who owes it to nobody. */
  ownShare: Fen
  state: 'open' | 'closed' | 'stopped' | 'expired'
  begunAt: string
  expiresAt: string
}

export type Split = SplitRow & {
  shares: readonly Share[]
  /** What it is of, and what of that has not come back: for who began it. */
  payment: { amount: Fen; kept: Fen } | null
}

/** What of a payment of one's own can still be divided, and why that is less than it. */
export type Shared = { amount: Fen; returned: Fen; shared: Fen; left: Fen }

/** What one is asked to pay of the bill of another. */
export type AskedShare = {
  id: string
  splitId: string
  title: string
  by: string
  amount: Fen
  state: ShareState
  askedAt: string
}

export type PacketRow = {
  id: string
  from: string
  isOwn: boolean
  kind: 'fixed' | 'lucky'
  count: number
  greeting: string
  state: 'open' | 'emptied' | 'returned'
  sentAt: string
  expiresAt: string
}

export type Packet = PacketRow & {
  taken: number
  /** What one has taken of it. */
  ownPart: Fen | null
  parts: readonly { by: string; amount: Fen; at: string }[]
}

export type MoneyRequest = {
  id: string
  /** `in`: somebody asks; `out`: one asks somebody. */
  direction: 'in' | 'out'
  by: string
  /** Null where one has read a code that is not paid. */
  payer: string | null
  /** Masked, of the other, where a code was read. */
  name: string | null
  byCode: boolean
  amount: Fen
  memo: string
  state: 'open' | 'paid' | 'declined' | 'cancelled' | 'expired' | 'refused'
  /** Why a code was not paid. */
  reason: Name | null
  transferId: string | null
  askedAt: string
  expiresAt: string
  endedAt: string | null
}

export type Every = 'once' | 'day' | 'week' | 'month'

/** A standing order, or leave for a payee to draw up to a cap. */
export type Mandate = {
  id: string
  direction: 'in' | 'out'
  from: string
  to: string
  every: Every
  cap: Fen
  amount: Fen | null
  memo: string
  startsOn: string
  endsOn: string | null
  state: 'active' | 'ended'
  nextAt: string | null
}
