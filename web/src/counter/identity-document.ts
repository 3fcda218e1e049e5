// The identity card on the desk. A typing mistake is seen here, before anything is sent.

export type Document = { name: string; documentNumber: string }

export const noDocument: Document = { name: '', documentNumber: '' }

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const checkDigits = '10X98765432'

/** Spaces and full-width forms go; X is a capital. */
export function documentDigits(typed: string): string {
  return typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^0-9X]/g, '')
    .slice(0, 18)
}

/** GB 11643: eighteen digits, of which the last checks the others. */
export function isDocumentNumber(text: string): boolean {
  if (!/^\d{17}[\dX]$/.test(text)) return false
  const sum = weights.reduce((total, weight, place) => total + weight * Number(text[place]), 0)
  return checkDigits[sum % 11] === text[17]
}

export function isWhole({ name, documentNumber }: Document): boolean {
  return name.trim() !== '' && isDocumentNumber(documentNumber)
}
