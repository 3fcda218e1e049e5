/** That it is the owner who moves money: the PIN, checked by whoever keeps it. */
import type { Msisdn, Secret } from '../../kernel/index.ts'
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
