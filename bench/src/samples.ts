/** What was measured, as numbers: rounds of a steady load, and the median of them. */

export interface Round {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** `latencies` are of what ended within the round, in milliseconds. */
export function roundOf(latencies: readonly number[], seconds: number): Round {
  const sorted = [...latencies].sort((a, b) => a - b)
  return {
    perSecond: latencies.length / seconds,
    p50Ms: at(sorted, 0.5),
    p99Ms: at(sorted, 0.99),
  }
}

/** Each figure's own median, so that one noisy round spoils none of them. */
export const medianOf = (rounds: readonly Round[]): Round => ({
  perSecond: median(rounds.map((round) => round.perSecond)),
  p50Ms: median(rounds.map((round) => round.p50Ms)),
  p99Ms: median(rounds.map((round) => round.p99Ms)),
})

const median = (values: readonly number[]) =>
  at(
    [...values].sort((a, b) => a - b),
    0.5,
  )

const at = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
