/** The check digit of ISO/IEC 7812-1 annex B: finds one wrong digit, and most pairs in the wrong order. */

/** The digit that belongs behind `digits`. */
export function luhnDigit(digits: string): string {
  let sum = 0
  for (let at = digits.length - 1, doubled = true; at >= 0; at -= 1, doubled = !doubled) {
    const digit = Number(digits[at])
    const weighed = doubled ? 2 * digit : digit
    sum += weighed > 9 ? weighed - 9 : weighed
  }
  return String((10 - (sum % 10)) % 10)
}
