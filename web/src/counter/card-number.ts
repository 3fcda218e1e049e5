// Card numbers as typed or read by a device, and the two forms of an expiry.

/** The longest there is (ISO/IEC 7812-1). */
const longest = 19

export function cardDigits(typed: string): string {
  return typed.normalize('NFKC').replace(/\D/g, '').slice(0, longest)
}

/** `6217001234567890122` becomes groups of four. */
export function groupedCard(digits: string): string {
  return digits.replace(/(\d{4})(?=\d)/g, '$1 ')
}

/** The check digit of ISO/IEC 7812-1 Annex B. */
export function isCardNumber(digits: string): boolean {
  if (!/^\d{12,19}$/.test(digits)) return false
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 1 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}

/** On the card `MM/YY`, in messages `YYMM`; null when it is no month. */
export function expiryOf(typed: string): string | null {
  const match = /^(0[1-9]|1[0-2])\/?(\d{2})$/.exec(typed.normalize('NFKC').replace(/\s/g, ''))
  return match ? `${match[2]}${match[1]}` : null
}

/** Of a number that is about to be forgotten: what may stand on a slip. */
export function tailOf(digits: string): string {
  return `**** ${digits.slice(-4)}`
}
