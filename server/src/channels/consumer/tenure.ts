/** What was addressed to a number is its owner's of then: whoever has the number next finds none of it. */
import type { Msisdn } from '../../kernel/index.ts'
import { foreignUntil } from '../../subscribers/index.ts'
import { type ConsumerDesk, refusedByTransfers } from './desk.ts'

/** Tells what is of the present owner's time. */
export async function tenureOf(
  { db }: Pick<ConsumerDesk, 'db'>,
  msisdn: Msisdn,
): Promise<(at: number) => boolean> {
  const until = await foreignUntil(db, msisdn)
  return (at) => at > until
}

/** Throws, as of what is not there, unless it is of that time; what is not there is for others to say. */
export async function mustBeOfTenure(
  desk: ConsumerDesk,
  msisdn: Msisdn,
  at: number | undefined,
): Promise<void> {
  const isOwn = at === undefined || (await tenureOf(desk, msisdn))(at)
  if (!isOwn) throw refusedByTransfers(desk, { refusal: 'not_found' })
}
