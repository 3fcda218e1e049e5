/** The work that bills leave to time, by topic. */
import type { Msisdn } from '../kernel/index.ts'

export const topics = {
  /** Each bill that has not ended has one row; payload `Timer`. */
  bill: 'biller.bill_due',
  /** Each account with a reminder has one row, of its id. */
  reminder: 'biller.reminder',
  /** Each biller has one row, of its code; the payload says which day of it is next. */
  day: 'biller.day',
} as const

/** What must be locked and read before anything about a bill is decided. */
export interface Timer {
  readonly msisdn: Msisdn
  readonly walletId: string
}
