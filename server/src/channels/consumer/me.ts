/** Who is signed in, as shown to himself: masked, for screens are looked at by others too. */
import { z } from 'zod'
import { type Msisdn, masked } from '../../kernel/index.ts'
import { type CounterKey, counterName, readCounters } from '../../risk/index.ts'
import { findSubscriber } from '../../subscribers/index.ts'
import { type Account, outLimit, usedKeys } from '../../wallet/index.ts'
import type { ConsumerDesk } from './desk.ts'
import { language } from './fields.ts'

export const source = z.enum(['wallet', 'card', 'phone_bill'])
const room = z.object({ limit: z.string(), left: z.string() })

export const meView = z.object({
  number: z.string(),
  name: z.string().nullable(),
  level: z.enum(['basic', 'verified']).nullable(),
  class: z.enum(['I', 'II', 'III']).nullable(),
  language,
  wallet: z
    .object({
      id: z.string(),
      state: z.enum(['open', 'closing', 'closed']),
      frozen: z.enum(['none', 'in', 'out', 'both']),
    })
    .nullable(),
  pin: z.enum(['none', 'initial', 'set', 'locked']),
  passkey: z.boolean().describe('Whether a passkey may stand for the PIN'),
  sources: z.array(source).describe('In which order they are offered; of a wallet'),
  limits: z
    .object({ day: room, year: room })
    .nullable()
    .describe('What may be paid and sent from the balance; of class I for ever, not for a year'),
  phoneBill: z
    .object({ leftToday: z.string(), leftThisMonth: z.string() })
    .describe('What may still be paid from the phone bill'),
})

export async function meOf(desk: ConsumerDesk, msisdn: Msisdn): Promise<z.infer<typeof meView>> {
  const { db, clock, identities, passkeys, pins, wallet, payments } = desk
  const [line, owner, pin, passkey, balance, bill] = await Promise.all([
    findSubscriber(db, msisdn, clock.now()),
    identities.ownerOf(db, msisdn),
    pins.stateOf(db, msisdn),
    passkeys.canProve(msisdn),
    wallet.balance(msisdn),
    payments.room(msisdn),
  ])
  const account = balance?.account
  const set = pin?.state === 'initial' ? 'initial' : 'set'
  return {
    number: masked(msisdn),
    name: owner?.maskedName ?? null,
    level: owner?.level ?? null,
    class: account?.class ?? null,
    language: line?.language ?? 'zh',
    wallet: account ? { id: account.id, state: account.state, frozen: account.frozen } : null,
    passkey: passkey && pin?.state === 'active' && !pin.locked,
    pin: pin === undefined ? 'none' : pin.locked ? 'locked' : set,
    sources: account ? [...(await wallet.sources(account.id))] : [],
    limits: account ? await limitsOf(desk, account) : null,
    phoneBill: { leftToday: String(bill.day), leftThisMonth: String(bill.month) },
  }
}

async function limitsOf({ db, clock, time, policy }: ConsumerDesk, account: Account) {
  const { id: walletId, bucket } = account
  const keys = usedKeys(time, { bucket, walletId }, clock.now())
  const counters = await readCounters(db, Object.values(keys))
  const used = (of: CounterKey) => counters.get(counterName(of)) ?? 0n
  const nothing = { day: 0n, year: 0n, ever: 0n }
  const now = { day: used(keys.day), year: used(keys.year), ever: used(keys.ever) }
  const [limit, left] = [nothing, now].map((one) => outLimit(account, one, policy()))
  const roomOf = (period: 'day' | 'ofClass') => ({
    limit: String(limit?.[period]),
    left: String(left?.[period]),
  })
  return { day: roomOf('day'), year: roomOf('ofClass') }
}
