/** The words of a bank: cards, who holds them, and what the bank says to each state. Money is in fen. */

export type CardKind = 'debit' | 'credit'

/** The answer a card gets that cannot be used; an active one gets none. */
export const cardStatuses = {
  active: undefined,
  inactive: '21',
  lost: '41',
  stolen: '43',
  captured: '04',
  suspect: '34',
  restricted: '62',
  closed: '42',
  /** A newer card stands for the account. */
  replaced: '14',
} as const satisfies Readonly<Record<string, string | undefined>>
export type CardStatus = keyof typeof cardStatuses

export interface Holder {
  readonly name: string
  /** 01 is the resident identity card. */
  readonly idKind: string
  readonly idNumber: string
  /** Eleven digits. */
  readonly mobile: string
}

/** The bank's own limits for purchases; absent where there is none. */
export interface CardLimits {
  readonly perTransaction?: bigint
  readonly perDay?: bigint
  readonly countPerDay?: number
}

export interface CardFacts {
  readonly pan: string
  readonly kind: CardKind
  readonly holder: Holder
  /** YYMM. */
  readonly expiry: string
  readonly status: CardStatus
  /** Whether the holder has opened payment without the card. */
  readonly cardless: boolean
  readonly limits: CardLimits
  /** Which account the card opens: that of the first card, so that a replacement keeps it. */
  readonly account: string
  /** Zero for debit cards. */
  readonly creditLimit: bigint
  /** Days of the month, 1 to 28; zero for debit cards. */
  readonly billDay: number
  readonly dueDay: number
  /** Proofs of the secrets, never the secrets: see `proof.ts`. */
  readonly pinProof: string
  readonly cvn2Proof: string
}

/** A card as it is asked for. Its PIN and CVN2 are kept as proofs only. */
export interface NewCard {
  readonly pan: string
  readonly kind: CardKind
  readonly holder: Holder
  readonly expiry: string
  readonly pin: string
  readonly cvn2: string
  /** On a debit account, or overpaid on a credit card. */
  readonly balance: bigint
  readonly status?: CardStatus
  readonly cardless?: boolean
  readonly limits?: CardLimits
  readonly creditLimit?: bigint
  readonly billDay?: number
  readonly dueDay?: number
}

/** The check digit of ISO/IEC 7812-1. */
export function passesLuhn(pan: string): boolean {
  const sum = [...pan].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 1 ? 2 : 1)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return /^\d{12,19}$/.test(pan) && sum % 10 === 0
}
