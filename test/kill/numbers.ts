/** The customers of the kill loop: each buys once, so that no limit stands in the way. */
export const lineCount = 20_000

export const numberOf = (n: number): string => `+86138${String(n).padStart(8, '0')}`
