import type { Exchange } from './bank.ts'

/** How a daily file names an exchange, and field 90 the original of a reversal: 38 digits. */
export function exchangeKey({ stan, transmittedAt, acquirer, forwarder }: Exchange): string {
  const institutions = [acquirer, forwarder].map((code) => code.padStart(11, '0')).join('')
  return `${String(stan).padStart(6, '0')}${transmittedAt}${institutions}`
}
