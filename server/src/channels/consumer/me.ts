/** Who is signed in, as shown to himself: masked, for screens are looked at by others too. */
import { z } from 'zod'
import { type Msisdn, masked } from '../../kernel/index.ts'
import { findSubscriber } from '../../subscribers/index.ts'
import type { ConsumerDesk } from './desk.ts'
import { language } from './fields.ts'

export const meView = z.object({
  number: z.string(),
  name: z.string().nullable(),
  level: z.enum(['basic', 'verified']).nullable(),
  class: z.enum(['I', 'II', 'III']).nullable(),
  language,
  wallet: z.object({ id: z.string(), state: z.enum(['open', 'closing', 'closed']) }).nullable(),
  pin: z.enum(['none', 'initial', 'set', 'locked']),
})

export async function meOf(desk: ConsumerDesk, msisdn: Msisdn): Promise<z.infer<typeof meView>> {
  const { db, clock, identities, pins, wallet } = desk
  const [line, owner, pin, balance] = await Promise.all([
    findSubscriber(db, msisdn, clock.now()),
    identities.ownerOf(db, msisdn),
    pins.stateOf(db, msisdn),
    wallet.balance(msisdn),
  ])
  const account = balance?.account
  const set = pin?.state === 'initial' ? 'initial' : 'set'
  return {
    number: masked(msisdn),
    name: owner?.maskedName ?? null,
    level: owner?.level ?? null,
    class: account?.class ?? null,
    language: line?.language ?? 'zh',
    wallet: account ? { id: account.id, state: account.state } : null,
    pin: pin === undefined ? 'none' : pin.locked ? 'locked' : set,
  }
}
