/**
 * Mobile numbers for the load. A number pays once in a run: limits and intervals stay on, and whoever
 * paid has to wait a minute.
 */
export const numberCount = 500_000

/** `13810000000` and following. */
export const numberAt = (index: number): string => `138${String(10_000_000 + index)}`

/** Gives each number once. */
export function createNumbers(first = 0): () => string {
  let next = first
  return () => {
    if (next >= numberCount) throw new Error('the numbers have run out')
    next += 1
    return numberAt(next - 1)
  }
}

/** Every wallet in turn, and never two near each other. */
export function createTurns(walletCount: number): () => string {
  let turn = 0
  return () => {
    turn += 1
    return numberAt((turn * 7_919) % walletCount)
  }
}
