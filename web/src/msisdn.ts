// Mobile numbers as typed and as shown. A page shows a stranger only what the server already masked.

/** Digits of what was typed, without +86, spaces, hyphens or full-width forms; at most eleven. */
export function digitsOf(typed: string): string {
  const plain = typed.normalize('NFKC').trim()
  return plain
    .replace(/^\+?86(?=[\s-]*1)/, '')
    .replace(/\D/g, '')
    .slice(0, 11)
}

export function isMobile(typed: string): boolean {
  return /^1[3-9]\d{9}$/.test(digitsOf(typed))
}

/** `13800138000` and `138****8000` both become three groups. */
export function spacedMsisdn(msisdn: string): string {
  return [msisdn.slice(0, 3), msisdn.slice(3, 7), msisdn.slice(7)].filter(Boolean).join(' ')
}
