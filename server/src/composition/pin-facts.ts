/** What a PIN must not be made of: the number itself is known, and this is the owner's document. */
import type { Msisdn } from '../kernel/index.ts'
import type { PinFacts } from '../wallet-pins/index.ts'
import type { Core } from './core.ts'

export async function pinFactsOf(
  { db, identities }: Pick<Core, 'db' | 'identities'>,
  msisdn: Msisdn,
): Promise<PinFacts> {
  const owner = await identities.ownerOf(db, msisdn)
  if (!owner) return {}
  const { number } = await identities.reveal(db, owner.identityId, { for: 'pin_rules' })
  return { idNumber: number }
}
