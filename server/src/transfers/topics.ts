/** The work that transfers leave to time, by topic: each unfinished thing has one row; payload `Timer`. */
import type { Msisdn } from '../kernel/index.ts'

export const topics = {
  transfer: 'transfer.due',
  request: 'transfer.request_due',
  mandate: 'transfer.mandate_due',
  split: 'transfer.split_due',
  packet: 'transfer.packet_due',
} as const

export type Noun = keyof typeof topics

/** What must be locked and read before anything about its subject is decided. */
export interface Timer {
  readonly numbers: readonly Msisdn[]
  readonly walletIds: readonly string[]
}
