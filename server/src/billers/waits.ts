/**
 * When a biller is asked again: after 5 s, 15 s, a minute, 5 minutes, half an hour, an hour, then hourly, until its
 * daily file decides.
 */
const second = 1_000
const minute = 60 * second
const waits = [5 * second, 15 * second, minute, 5 * minute, 30 * minute] as const

/** Before the n-th question, counted from 1. */
export const askAgainMs = (question: number): number => waits[question - 1] ?? 60 * minute

/** As often a payment that never left us is tried again before the money goes back. */
export const unsentMax = 3

/** How long after the payment a biller may still take it: nobody asks for longer than this whether it did. */
export const notAfterMs = 10 * minute
