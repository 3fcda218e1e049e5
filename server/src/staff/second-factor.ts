/** The second factor: six digits of an authenticator app (RFC 6238), each of which counts once. */
import { Secret as Seed, TOTP } from 'otpauth'
import { type Ids, Secret } from '../kernel/index.ts'

const stepMs = 30_000
/** A clock may be off by one step, and a person may be slow. */
const window = 1
/** RFC 4226 §4, R6. */
const seedBytes = 20

const totpOf = (seed: Secret, label = '') =>
  new TOTP({ issuer: 'Telepurse', label, secret: Seed.fromBase32(seed.reveal()) })

/** In Base32, as authenticators take it by hand. */
export function newSeed(ids: Pick<Ids, 'random'>): Secret {
  const { buffer } = Uint8Array.from(ids.random(seedBytes))
  return new Secret(new Seed({ buffer }).base32)
}

/** For a QR code: `otpauth://totp/…`. */
export const enrolmentUri = (seed: Secret, login: string): Secret =>
  new Secret(totpOf(seed, login).toString())

export const codeAt = (seed: Secret, now: number): string =>
  totpOf(seed).generate({ timestamp: now })

/** The step whose code this is; undefined when it is none that still counts, or not after `lastStep`. */
export function stepOfCode(
  seed: Secret,
  code: string,
  { now, lastStep }: { readonly now: number; readonly lastStep: number },
): number | undefined {
  const delta = totpOf(seed).validate({ token: code, timestamp: now, window })
  if (delta === null) return undefined
  const step = Math.floor(now / stepMs) + delta
  return step > lastStep ? step : undefined
}
