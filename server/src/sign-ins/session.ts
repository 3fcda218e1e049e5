/**
 * A customer's device that is signed in: by a code in a text, or by a passkey.
 *
 *     begun ──used now and then──▶ begun ──▶ ended: signed out, ended from another device, silent too long,
 *                                            too old, another SIM, the number given up, too many devices,
 *                                            its passkey removed from another device
 *
 * The token is `<id>.<256 bits>`: the id finds the row, and of the rest only the hash is kept. A session shows what
 * a wallet holds; what moves money needs the PIN, or a passkey in its place, besides.
 */
import type { Msisdn, Secret } from '../kernel/index.ts'

export type Method = 'code' | 'passkey'

export interface Session {
  readonly id: string
  readonly msisdn: Msisdn
  /** As its owner will recognise it. */
  readonly device: string
  readonly method: Method
  readonly beganAt: number
  readonly activeAt: number
  /** The passkey that signed it in, where it is known and still there. */
  readonly credentialId: string | null
}

export interface Begun {
  readonly session: Session
  readonly token: Secret
}

const dayMs = 86_400_000

/** A device that nobody has used for so long is no longer in its owner's hand. */
export const idleMs = 7 * dayMs
export const sessionMs = 90 * dayMs
/** Written down no oftener: whoever reads much must not write much. */
export const noteEveryMs = 60_000
/** A person has a few devices; the one longest silent makes room. */
export const sessionsMax = 20

/** What must be true of a session that lasts, for the store to compare with. */
export const lastingAt = (now: number) => ({
  activeSince: now - idleMs,
  begunSince: now - sessionMs,
})
