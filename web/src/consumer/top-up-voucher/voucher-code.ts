// The code of a voucher as people bring it: typed, pasted, or read from the card.

export const codeLength = 16

/** Of what was typed or pasted; more than a code has is left out. */
export const digitsIn = (typed: string): string =>
  typed.normalize('NFKC').replace(/\D/g, '').slice(0, codeLength)

export const grouped = (digits: string): string => digits.replace(/(\d{4})(?=\d)/g, '$1 ')

/** Of what a camera has read; null where it is no voucher's. */
export function codeIn(text: string): string | null {
  const digits = text.replace(/[\s-]/g, '')
  return /^\d{16}$/.test(digits) ? digits : null
}
