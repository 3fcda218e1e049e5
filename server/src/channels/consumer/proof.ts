/** That it is the owner: who moves money, by the PIN, checked by whoever keeps it; who changes how one signs in. */
import { type Msisdn, Secret } from '../../kernel/index.ts'
import type { Session } from '../../sign-ins/index.ts'
import { type AppCard, type ConsumerDesk, refused } from './desk.ts'
import { pinRefusal } from './words.ts'

/**
 * Throws unless it is the wallet's PIN. A wrong one counts, whatever comes of the rest; but once, where the
 * request comes again under its `key` because its answer was lost.
 */
export async function mustKnowPin(
  { pins }: Pick<ConsumerDesk, 'pins'>,
  msisdn: Msisdn,
  pin: Secret,
  key: string,
): Promise<void> {
  const checked = await pins.check(msisdn, pin, 'web', key)
  if (checked.ok) return
  const { refusal } = checked
  throw refused(pinRefusal(refusal), refusal.code === 'wrong' ? refusal : {})
}

/** For so long who signs in has just shown who he is. */
const freshMs = 10 * 60_000

/**
 * Throws unless it is the owner and not who has found his device open: by the PIN, or where there is none by having
 * signed in just now. Who removes may do so while his PIN is locked, for a lost device does not wait; who makes may
 * not, or whoever locked it by guessing would be asked for less than before.
 */
export async function mustBeOwner(
  desk: Pick<ConsumerDesk, 'db' | 'clock' | 'pins'>,
  { msisdn, beganAt }: Session,
  { to, pin, key }: { to: 'make' | 'remove'; pin?: string | undefined; key: string },
): Promise<void> {
  const kept = await desk.pins.stateOf(desk.db, msisdn)
  const isUsable = kept?.state === 'active' && kept.locked === null
  if (isUsable || (kept && to === 'make')) {
    if (pin === undefined) throw refused('pin_missing')
    await mustKnowPin(desk, msisdn, new Secret(pin), key)
  } else if (desk.clock.now() - beganAt > freshMs) throw refused('sign_in_again')
}

export const cardOf = async (
  { cards }: Pick<ConsumerDesk, 'cards'>,
  msisdn: Msisdn,
  cardId: string,
): Promise<AppCard | undefined> => (await cards.of(msisdn)).find(({ id }) => id === cardId)

/** Throws unless the bank takes its PIN for what it needs one for, where it moves nothing by itself. */
export async function mustKnowBankPin(
  { cards }: Pick<ConsumerDesk, 'cards'>,
  { id }: AppCard,
  pin: Secret,
): Promise<void> {
  const proof = await cards.prove(id, pin)
  if (proof.ok) return
  if (proof.refusal === null) throw refused('bank_away')
  throw refused('bank_refused', { words: proof.refusal })
}
