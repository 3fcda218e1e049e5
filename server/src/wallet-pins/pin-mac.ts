/**
 * What is kept of a PIN: HMAC-SHA-256 under a key of the store, over a salt, the number and the PIN. There are
 * only a million PINs, so it is the key that keeps a stolen database from telling them, and not the salt; the
 * salt keeps one row from saying that its PIN is that of an earlier one.
 */
import { timingSafeEqual } from 'node:crypto'
import { assert, type Ids, type Msisdn, type Secret } from '../kernel/index.ts'
import type { KeyStore } from '../keys/index.ts'
import { pinKey } from './pin.ts'
import type { KeptPin } from './store.ts'

type PinMac = Pick<KeptPin, 'salt' | 'mac' | 'keyVersion'>

const saltOctets = 16

/** Under the current key, with a new salt. */
export function macOf(
  { keys, ids }: { readonly keys: KeyStore; readonly ids: Pick<Ids, 'random'> },
  msisdn: Msisdn,
  pin: Secret,
): PinMac {
  const keyVersion = currentVersion(keys)
  assert(keyVersion !== undefined, `there is a key ${pinKey}`)
  const salt = Buffer.from(ids.random(saltOctets)).toString('hex')
  const mac = hmac(keys, { salt, keyVersion }, { msisdn, pin })
  return { salt, keyVersion, mac: mac.toString('hex') }
}

export const isRight = (keys: KeyStore, row: KeptPin, pin: Secret): boolean =>
  timingSafeEqual(
    hmac(keys, row, { msisdn: row.msisdn, pin }),
    new Uint8Array(Buffer.from(row.mac, 'hex')),
  )

/** Of a try, so that the same try is known when it comes again: the same PIN in the same request. */
export const tryMacOf = (keys: KeyStore, row: KeptPin, pin: Secret, request: string): string =>
  hmac(
    keys,
    { salt: `${row.salt}|${request}`, keyVersion: row.keyVersion },
    { msisdn: row.msisdn, pin },
  ).toString('hex')

export const currentVersion = (keys: KeyStore): number | undefined =>
  keys.readable(pinKey)[0]?.version

const hmac = (
  keys: KeyStore,
  { salt, keyVersion }: Omit<PinMac, 'mac'>,
  { msisdn, pin }: { readonly msisdn: Msisdn; readonly pin: Secret },
) =>
  Buffer.from(
    keys.hmac(
      { name: pinKey, version: keyVersion },
      Buffer.from(JSON.stringify([salt, msisdn, pin.reveal()])),
    ),
  )
