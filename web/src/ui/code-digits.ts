// Codes of digits as typed or pasted, also in full-width figures.

export function codeDigits(typed: string, most = 6): string {
  return typed.normalize('NFKC').replace(/\D/g, '').slice(0, most)
}
