/** What codes may still take today. To choose and to tell by; it is decided under the lock of the number. */
import type { Amount } from '../kernel/index.ts'
import { type CodePayer, codeDayOf } from '../payments/index.ts'
import { codeRoom, counterName, readCounters } from '../risk/index.ts'
import type { Parts } from './cards.ts'

/** Null where there is no limit for codes. */
export async function codeRoomOf(
  { db, clock, time, policy }: Pick<Parts, 'db' | 'clock' | 'time' | 'policy'>,
  payer: CodePayer,
): Promise<Amount | null> {
  const key = codeDayOf(time, payer, clock.now())
  if (!key || payer.codeProof === null) return null
  const used = (await readCounters(db, [key])).get(counterName(key)) ?? 0n
  return codeRoom(policy.current(), payer.codeProof, used)
}
