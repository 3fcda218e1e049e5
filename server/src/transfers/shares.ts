/** How a bill is cut into shares that add up to it, to the fen. */
import type { Amount } from '../kernel/index.ts'

/**
 * By weights, with the largest remainder: each gets its whole fen, and what is left goes one fen each to those
 * who were cut most, the first in the list before the others.
 */
export function byWeights(total: Amount, weights: readonly bigint[]): Amount[] {
  const sum = weights.reduce((all, weight) => all + weight, 0n)
  if (sum <= 0n || weights.some((weight) => weight < 0n)) return []
  const cut = weights.map((weight, place) => ({
    place,
    share: (total * weight) / sum,
    rest: (total * weight) % sum,
  }))
  const left = Number(total - cut.reduce((all, { share }) => all + share, 0n))
  const luckier = cut.toSorted((a, b) =>
    a.rest === b.rest ? a.place - b.place : a.rest > b.rest ? -1 : 1,
  )
  const raised = new Set(luckier.slice(0, left).map(({ place }) => place))
  return cut.map(({ share, place }) => (raised.has(place) ? share + 1n : share))
}

/** As equal as can be: the extra fen go to the first in the list. */
export const equally = (total: Amount, people: number): Amount[] =>
  byWeights(
    total,
    Array.from({ length: people }, () => 1n),
  )
