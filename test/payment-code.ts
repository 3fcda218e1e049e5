/** A customer's device that shows payment codes, as the app makes them. */
import { importHmacKey, luhnDigit, makeCode, webCryptoHmac } from '@telepurse/payment-code'
import type { Clock, Ids, Msisdn } from '../server/src/kernel/index.ts'
import type { PaymentCodes, Pool } from '../server/src/payment-codes/index.ts'
import type { Session } from '../server/src/sign-ins/index.ts'

export interface CodeStage {
  readonly codes: Pick<PaymentCodes, 'issue'>
  readonly clock: Clock
  readonly ids: Ids
}

export type CodeDevice = Awaited<ReturnType<typeof codeDevice>>

/** `aheadMs`: how wrong its clock is. */
export async function codeDevice({ codes, clock, ids }: CodeStage, msisdn: Msisdn, aheadMs = 0) {
  const now = clock.now()
  const session: Session = {
    ...{ id: ids.next(0, now), msisdn, device: 'test', method: 'code' },
    ...{ credentialId: null, beganAt: now, activeAt: now },
  }
  const pool = await codes.issue(session, clock.now() + aheadMs)
  return { msisdn, session, pool, code: (n = 0) => codeOf(pool, n, clock.now() + aheadMs) }
}

export async function codeOf(
  { key, aliases }: Pick<Pool, 'key' | 'aliases'>,
  n: number,
  now: number,
): Promise<string> {
  const octets = new Uint8Array(Buffer.from(key.reveal(), 'base64url'))
  const hmac = webCryptoHmac(await importHmacKey(octets))
  const code = await makeCode({ alias: aliases[n] ?? '', hmac, now })
  if (!code.ok) throw new Error(code.refusal)
  return code.value
}

/** Digits that could be a code, whoever's. */
export const withCheckDigit = (digits: string): string => digits + luhnDigit(digits)
