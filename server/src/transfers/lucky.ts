/** The parts of a lucky packet (拼手气): the double-mean rule, in whole fen. */
import type { Amount } from '../kernel/index.ts'
import { partMax } from './packet.ts'

/** A whole number from 0, less than `span`, each as likely as the others. */
export type Draw = (span: bigint) => bigint

const least = (...values: readonly bigint[]) => values.reduce((a, b) => (b < a ? b : a))
const most = (...values: readonly bigint[]) => values.reduce((a, b) => (b > a ? b : a))

/**
 * With M left for N people each draws evenly from 1 fen to twice the mean less one, so that the mean stays M/N
 * for everybody, and every later one still gets a fen and none more than the most.
 */
export function luckyParts(amount: Amount, count: number, draw: Draw): Amount[] {
  const parts: Amount[] = []
  let left = amount
  for (let people = BigInt(count); people > 1n; people -= 1n) {
    const low = most(1n, left - partMax * (people - 1n))
    const high = most(low, least((2n * left) / people - 1n, left - (people - 1n), partMax))
    const part = low + draw(high - low + 1n)
    parts.push(part)
    left -= part
  }
  return [...parts, left]
}

/** Draws from random bytes; those beyond the last whole multiple of the span are drawn again, for fairness. */
export function drawFrom(random: (bytes: number) => Uint8Array): Draw {
  const all = 1n << 48n
  return (span) => {
    for (;;) {
      const value = random(6).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
      if (value < all - (all % span)) return value % span
    }
  }
}
