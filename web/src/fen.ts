// Money as it travels: strings of fen. Text in, text out; no number type ever holds an amount.

export type Fen = string

/** `128640` becomes its parts `1,286` and `40`; the minus is U+2212, as wide as a plus. */
export function splitFen(fen: Fen): { sign: string; yuan: string; cents: string } {
  const negative = fen.startsWith('-')
  const digits = (negative ? fen.slice(1) : fen).padStart(3, '0')
  return {
    sign: negative ? '−' : '',
    yuan: digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ','),
    cents: digits.slice(-2),
  }
}

export function formatFen(fen: Fen): string {
  const { sign, yuan, cents } = splitFen(fen)
  return `${sign}${yuan}.${cents}`
}

export function addFen(first: Fen, second: Fen): Fen {
  return (BigInt(first) + BigInt(second)).toString()
}

export function negateFen(fen: Fen): Fen {
  return (-BigInt(fen)).toString()
}

export function isZeroFen(fen: Fen): boolean {
  return BigInt(fen) === 0n
}

export type AmountRange = { min: Fen; max: Fen; step: Fen }

export type ParsedAmount =
  | { ok: true; fen: Fen }
  | { ok: false; reason: 'not_an_amount' | 'out_of_range' | 'off_step' }

/** What a person types as yuan (`12.5`, also in full-width figures) within the merchant's range. */
export function parseYuan(typed: string, range: AmountRange): ParsedAmount {
  const match = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(typed.normalize('NFKC').trim())
  if (!match) return { ok: false, reason: 'not_an_amount' }
  const fen = BigInt(`${match[1]}${(match[2] ?? '').padEnd(2, '0')}`)
  if (fen < BigInt(range.min) || fen > BigInt(range.max)) {
    return { ok: false, reason: 'out_of_range' }
  }
  if (fen % BigInt(range.step) !== 0n) return { ok: false, reason: 'off_step' }
  return { ok: true, fen: fen.toString() }
}
