/**
 * The code of a voucher: 15 digits by chance and a check digit (Luhn, ISO/IEC 7812-1 annex B), so that a slip of the
 * finger is told from a guess. What is kept of it is a keyed hash, which also says where its row lives.
 */
import { luhnDigit } from '@telepurse/payment-code'
import { bucketCount, type FieldCipher, type Ids, Secret } from '../kernel/index.ts'

const digits = 15n

/** 2^64 is so much larger than 10^15 that no code is favoured. */
export function newCode(ids: Pick<Ids, 'random'>): Secret {
  const chance = Buffer.from(ids.random(8)).readBigUInt64BE() % 10n ** digits
  const body = chance.toString().padStart(Number(digits), '0')
  return new Secret(body + luhnDigit(body))
}

/** As people type it, with blanks or hyphens; undefined when it can be no code. */
export function readCode(typed: Secret): Secret | undefined {
  const code = typed.reveal().normalize('NFKC').replace(/[\s-]/g, '')
  if (!/^\d{16}$/.test(code)) return undefined
  return luhnDigit(code.slice(0, -1)) === code.slice(-1) ? new Secret(code) : undefined
}

export const macOf = (cipher: Pick<FieldCipher, 'mac'>, code: Secret): string =>
  cipher.mac('top-up voucher code', code.reveal())

export const bucketOfMac = (mac: string): number =>
  Number.parseInt(mac.slice(0, 2), 16) % bucketCount

/** A million for each batch, which has fewer vouchers. */
export const serialOf = (batchNo: bigint, number: bigint): bigint => batchNo * 1_000_000n + number

/** As it is printed: six digits of the batch, six of the number in it. */
export const printedSerial = (serial: bigint): string => serial.toString().padStart(12, '0')
