/**
 * Trace numbers that survive a restart: one sequence for each bank, in blocks that are ours once the
 * transaction which took them has committed. All processes together give at most `perDayMax` on a day of the
 * bank, so that none comes twice a day although the numbers begin again; what is left over from the day
 * before has room above that. Numbers about the link itself are others, and need no database.
 */
import type { Database } from '../../db/index.ts'
import type { BusinessTime, Clock } from '../../kernel/index.ts'
import type { BankLog } from './options.ts'
import type { StanSource } from './stan.ts'
import { takeBlock } from './trace-number-store.ts'

export interface StanBlocksOptions {
  readonly db: Database
  readonly clock: Clock
  readonly bank: string
  /** Of the bank. */
  readonly time: BusinessTime
  readonly log: BankLog
  readonly size?: number
}

export const blockSize = 1_000
/** Payments have the numbers from 1; the link has those above. */
const paymentMax = 949_999
export const perDayMax = 900_000
const linkMin = paymentMax + 1
const linkCount = 50_000

/** Has its first block when it resolves, and asks for the next one when half of it is gone. */
export async function openStanBlocks(options: StanBlocksOptions): Promise<StanSource> {
  const { db, clock, bank, time, log, size = blockSize } = options
  const free: bigint[] = []
  let isAsking = false

  async function fetchBlock(): Promise<void> {
    const day = time.dateOf(clock.now())
    const first = await db.transact((tx) => takeBlock(tx, { bank, day, size, perDayMax }))
    if (first === undefined) return log('error', 'bank_trace_numbers_used_up', { bank })
    for (let ahead = 0n; ahead < BigInt(size); ahead += 1n) free.push(first + ahead)
  }

  async function refill(): Promise<void> {
    if (isAsking) return
    isAsking = true
    try {
      await fetchBlock()
    } catch {
      log('error', 'bank_trace_numbers_unread', { bank })
    }
    isAsking = false
  }

  await fetchBlock()
  return {
    nextStan() {
      if (free.length <= size / 2) void refill()
      const next = free.shift()
      if (next === undefined) throw new Error(`there is no trace number for ${bank}`)
      return Number((next - 1n) % BigInt(paymentMax)) + 1
    },
  }
}

/** For sign-on, keys, echo and totals. Begins anywhere, so that two processes seldom meet. */
export function createLinkStans(random: (octets: number) => Uint8Array): StanSource {
  const [high = 0, low = 0] = random(2)
  let next = (high * 256 + low) % linkCount
  return {
    nextStan() {
      next = (next + 1) % linkCount
      return linkMin + next
    },
  }
}
