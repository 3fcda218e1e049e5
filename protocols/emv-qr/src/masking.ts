/** What people and logs may see. */

export const dots = '••••'

/** `6224242900000113` → `622424******0113`. Of less than 15 characters only the last four are shown. */
export function maskedPan(pan: string): string {
  const head = pan.length < 15 ? 0 : 6
  const tail = pan.length < 8 ? 0 : 4
  return `${pan.slice(0, head)}${'*'.repeat(pan.length - head - tail)}${pan.slice(pan.length - tail)}`
}

/** Digits that may be those of a card, an account or a telephone, wherever in a text they stand. */
export const withoutNumbers = (text: string): string =>
  printable(text).replace(/\d(?:[ -]?\d){6,}/g, maskedPan)

/** Nobody who makes a code may write a line of his own into a log. */
export const printable = (text: string): string => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')
