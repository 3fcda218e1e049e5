// Who a number is: the numbering plan 106580088 + merchant (4) + `9` + slot (2) for a confirmation.
import type { Name } from '../../names.ts'

export type Peer =
  | { kind: 'merchant'; merchant: Name }
  | { kind: 'slot'; merchant: Name; slot: string }
  | { kind: 'web' }
  | { kind: 'platform' }
  | { kind: 'other' }

const prefix = '106580088'

export function peerOf(number: string, merchants: readonly { number: string; name: Name }[]): Peer {
  if (!number.startsWith(prefix)) return { kind: 'other' }
  const merchant = merchants.find((candidate) => number.startsWith(candidate.number))
  if (merchant) {
    const rest = number.slice(merchant.number.length)
    if (/^9\d\d$/.test(rest)) return { kind: 'slot', merchant: merchant.name, slot: rest.slice(1) }
    return { kind: 'merchant', merchant: merchant.name }
  }
  return number.startsWith(`${prefix}0001`) ? { kind: 'web' } : { kind: 'platform' }
}
