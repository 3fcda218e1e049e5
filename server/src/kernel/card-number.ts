/**
 * Numbers of payment cards (ISO/IEC 7812): they have no business here, so free text that holds one is
 * refused where somebody can be told, and masked where nobody can.
 */

/** As cards are printed, whole or in groups of four; times, ids and service numbers begin otherwise. */
const looksLikeOne =
  /(?<![\w.])(?:[2-69]\d{3}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?|[2-69]\d{12,18})(?!\w)/g

export const holdsCardNumber = (text: string): boolean => maskCardNumbers(text) !== text

/** The first six and the last four digits stay (PCI DSS 3.4.1). */
export const maskCardNumbers = (text: string): string =>
  text.replace(looksLikeOne, (found) => {
    const digits = found.replace(/\D/g, '')
    return isSound(digits)
      ? `${digits.slice(0, 6)}${'*'.repeat(digits.length - 10)}${digits.slice(-4)}`
      : found
  })

/** 13 to 19 digits with a check digit that fits, whoever issued it. */
export const isCardNumber = (text: string): boolean => /^\d{13,19}$/.test(text) && isSound(text)

/** The check digit (ISO/IEC 7812-1 Annex B). */
function isSound(digits: string): boolean {
  let sum = 0
  for (const [place, digit] of [...digits].toReversed().entries()) {
    const value = Number(digit) * (place % 2 === 0 ? 1 : 2)
    sum += value > 9 ? value - 9 : value
  }
  return sum % 10 === 0
}
