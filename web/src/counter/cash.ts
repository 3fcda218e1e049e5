// Notes and coins counted by hand. Amounts are fen in strings, and never a number.
import { type Fen, type ParsedAmount, parseYuan } from '../fen.ts'

/** In fen, as the count goes: the largest first. */
export const worths = ['10000', '5000', '2000', '1000', '500', '100', '50', '10'] as const

export type Worth = (typeof worths)[number]

export type Counts = Partial<Record<Worth, number>>

export type TypedCounts = Partial<Record<Worth, string>>

/** As typed; nothing typed is none of them. Null when it is no count. */
export function piecesOf(typed: string): number | null {
  const plain = typed.normalize('NFKC').trim()
  if (plain === '') return 0
  return /^\d{1,5}$/.test(plain) ? Number(plain) : null
}

export function totalOf(counts: Counts): Fen {
  return worths
    .reduce((total, worth) => total + BigInt(worth) * BigInt(counts[worth] ?? 0), 0n)
    .toString()
}

/** Counted less what must be there: a minus is missing. */
export function differenceOf(counted: Fen, balance: Fen): Fen {
  return (BigInt(counted) - BigInt(balance)).toString()
}

export function isAbove(amount: Fen, limit: Fen): boolean {
  return BigInt(amount) > BigInt(limit)
}

/** What a clerk types as yuan; the limits of an act are the server's to tell. */
export function cashOf(typed: string): ParsedAmount {
  return parseYuan(typed, { min: '1', max: '99999999999', step: '1' })
}

/** Null while something typed is no count. */
export function countsOf(typed: TypedCounts): Counts | null {
  const counts: Counts = {}
  for (const worth of worths) {
    const pieces = piecesOf(typed[worth] ?? '')
    if (pieces === null) return null
    if (pieces > 0) counts[worth] = pieces
  }
  return counts
}
