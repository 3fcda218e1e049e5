/**
 * A customer's wallet (钱包账户): what is kept for a number, in the bucket of the number.
 *
 *     open ──close──▶ closing ──nothing left──▶ closed
 *       ▲  └──close, nothing left────────────────▲
 *       └── what was to be paid out came back ──┘
 *
 * A wallet is found by its number until the number is given up (`releasedAt`); from then on by its id alone,
 * and what is left in it still belongs to the identity that opened it. How much that is only the ledger says.
 */
import type { Msisdn } from '../kernel/index.ts'

export type AccountState = 'open' | 'closing' | 'closed'

/** The only edges there are. */
export const nextOfAccount: Readonly<Record<AccountState, readonly AccountState[]>> = {
  open: ['closing', 'closed'],
  closing: ['open', 'closed'],
  closed: [],
}

/** Classes of payment accounts: what each may do beyond its own cards and cash needs a higher one. */
export type AccountClass = 'I' | 'II' | 'III'

/** Which ways the operator has shut: money in, out, or both. What comes back to its owner comes in all the same. */
export type Frozen = 'none' | 'in' | 'out' | 'both'

export interface Account {
  readonly id: string
  readonly bucket: number
  readonly msisdn: Msisdn
  readonly identityId: string
  readonly class: AccountClass
  readonly state: AccountState
  readonly frozen: Frozen
  readonly openedAt: number
  readonly closedAt: number | null
  /** The number has no owner any more, or another one. */
  readonly releasedAt: number | null
}
