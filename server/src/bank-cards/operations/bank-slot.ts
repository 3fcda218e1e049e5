import type { BusinessTime } from '../../kernel/index.ts'
import type { Bank } from '../bank.ts'

/** A bank as operations need it. */
export interface BankSlot {
  readonly bank: Bank
  /** Its days. */
  readonly time: BusinessTime
  /** Longer than one of its verbs ever takes. */
  readonly longestMs: number
}

export type BankOf = (name: string) => BankSlot | undefined
