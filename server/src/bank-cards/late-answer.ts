/**
 * An answer that nobody waits for: too late, a second time, or to something never asked. Its code is true, so
 * it may be used: it finds its exchange by these four, and decides by the state that exchange is in.
 */
import type { Amount } from '../kernel/index.ts'
import type { BankTrace, Exchange } from './bank.ts'

export interface LateAnswer {
  readonly exchange: Exchange
  /** `0210`: what was answered. */
  readonly mti: string
  readonly code: string
  /** `unclear` is everything that is neither a plain yes nor a final no. */
  readonly meaning: 'approved' | 'refused' | 'unclear'
  readonly amount?: Amount
  readonly trace: BankTrace
}
