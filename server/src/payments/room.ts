/** What a number may still pay from its phone bill now, for those who show it; every purchase looks again. */
import type { Reader } from '../db/index.ts'
import type { Amount, Msisdn } from '../kernel/index.ts'
import { counterName, numberDay, numberMonth, readCounters } from '../risk/index.ts'
import { findSubscriber } from '../subscribers/index.ts'
import { roomOf } from './checks.ts'
import { listingsIn } from './listings.ts'
import type { BatchContext } from './load.ts'

/** In fen; the day is never more than the month. */
export interface BillRoom {
  readonly day: Amount
  readonly month: Amount
}

export async function billRoomOf(
  reader: Reader,
  { time, policy, isTestNumber }: Pick<BatchContext, 'time' | 'policy' | 'isTestNumber'>,
  { msisdn, now }: { readonly msisdn: Msisdn; readonly now: number },
): Promise<BillRoom> {
  const keys = [numberDay(time, msisdn, now), numberMonth(time, msisdn, now)]
  const [line, counters, listings] = await Promise.all([
    findSubscriber(reader, msisdn, now),
    readCounters(reader, keys),
    listingsIn(reader, [`number:${msisdn}`], now),
  ])
  const known = {
    ...{ time, isTestNumber, policy: policy(), subscriber: () => line },
    listed: (name: string, list: 'grey') => listings.get(name)?.has(list) ?? false,
    used: (key: (typeof keys)[number]) => counters.get(counterName(key)) ?? 0n,
  }
  const { day, month } = roomOf(known, msisdn, now)
  return { day, month }
}
