/** Whether a number has another SIM since lately: whoever has it may be a thief. */
import type { Reader } from '../db/index.ts'
import type { Msisdn } from '../kernel/index.ts'
import { coolOffUntil, findSubscriber } from '../subscribers/index.ts'
import type { Core } from './core.ts'

/** Until when; null when it is over, or there was no change. */
export async function coolOffOf(
  { clock, policy }: Pick<Core, 'clock' | 'policy'>,
  reader: Reader,
  msisdn: Msisdn,
): Promise<number | null> {
  const now = clock.now()
  const line = await findSubscriber(reader, msisdn, now)
  const until = line ? coolOffUntil(line, policy.current()) : null
  return until !== null && until > now ? until : null
}
