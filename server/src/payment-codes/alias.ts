/**
 * A number that stands for a signed-in device on the codes it shows. A device has a few at a time, all under one
 * key, good for a day without the network.
 *
 *     issued ──code taken──▶ issued ──▶ over: too old, five wrong codes, two newer pools of the same device, or the
 *                                       session is over (signed out, another SIM, the number given up)
 */
import type { Msisdn } from '../kernel/index.ts'

export interface Alias {
  readonly alias: string
  readonly msisdn: Msisdn
  readonly sessionId: string
  readonly keySealed: string
  readonly aheadMs: number
  readonly issuedAt: number
  readonly expiresAt: number
  readonly lastStep: number | null
  readonly wrong: number
  readonly wrongSince: number
  readonly revokedAt: number | null
}

/** Of a device at a time: so many codes can be shown within one step. */
export const poolSize = 3
/** Without the network. */
export const aliasLifeMs = 24 * 3_600_000
/** A clock that is further off is wrong in a way that its codes will be too. */
export const aheadMaxMs = 24 * 3_600_000
/** The answer with a new pool may be lost, and the device goes on with the one before. */
export const poolsKept = 2

const wrongMax = 5
const wrongWithinMs = 3_600_000

export const isLive = ({ revokedAt, expiresAt }: Alias, now: number): boolean =>
  revokedAt === null && now < expiresAt

/** One more wrong code: the fifth within an hour ends the alias. */
export function countWrong(alias: Alias, now: number): Alias {
  const goesOn = now - alias.wrongSince < wrongWithinMs
  const wrong = goesOn ? alias.wrong + 1 : 1
  const wrongSince = goesOn ? alias.wrongSince : now
  return { ...alias, wrong, wrongSince, revokedAt: wrong >= wrongMax ? now : null }
}

/** Of the steps a code may stand for one that is later than all that were taken. */
export const stepToTake = (
  { lastStep }: Pick<Alias, 'lastStep'>,
  steps: readonly number[],
): number | undefined => steps.find((step) => lastStep === null || step > lastStep)

/** Whose code it was. */
export interface Taken {
  readonly msisdn: Msisdn
  readonly alias: string
  readonly step: number
}
