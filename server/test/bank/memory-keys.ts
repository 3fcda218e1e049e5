/** Both ends of a zone: our keys in memory, and the bank's side that makes new ones. */
import { keyCheckValue, type MacFunction, unwrapKey } from '@telepurse/iso8583'
import { type BlockCipher, desCipher } from '@telepurse/iso8583/node'
import type { KeyUse, MacKey, ZoneKeys } from '../../src/rails/bank/index.ts'
import { type MacAlgorithm, macFunction } from '../../src/rails/bank/zone-keys.ts'

const zoneMasterKey = desCipher(Buffer.from('0123456789abcdeffedcba9876543210', 'hex'))

export interface MemoryKeys extends ZoneKeys {
  readonly replaced: KeyUse[]
}

const form = (key: Uint8Array, { algorithm }: MacAlgorithm): MacKey =>
  algorithm === 'retail'
    ? { left: desCipher(key.subarray(0, 8)), right: desCipher(key.subarray(8)) }
    : desCipher(key)

/** `holding`: keys that are there from the start. */
export function memoryKeys(
  algorithm: MacAlgorithm,
  holding: Partial<Record<KeyUse, Uint8Array>> = {},
): MemoryKeys {
  const keys = { ...holding }
  const replaced: KeyUse[] = []
  return {
    replaced,
    pin: () => keys.pin && desCipher(keys.pin),
    mac: () => keys.mac && form(keys.mac, algorithm),
    async replace(use, wrapped, checkValue) {
      const opened = unwrapKey(zoneMasterKey, { wrapped, checkValue }, desCipher)
      if (!opened.ok) return false
      keys[use] = opened.value.key.reveal()
      replaced.push(use)
      return true
    },
  }
}

export const wrapped = (key: Uint8Array) => ({
  wrapped: zoneMasterKey.encrypt(key),
  checkValue: keyCheckValue(desCipher(key), 4),
})

export const macOf = (key: Uint8Array, algorithm: MacAlgorithm): MacFunction =>
  macFunction(algorithm, form(key, algorithm))

export const cipherOf = (key: Uint8Array): BlockCipher => desCipher(key)

/** A double key that depends on a number only. */
export const keyNumber = (number: number): Uint8Array =>
  Uint8Array.from({ length: 16 }, (_, index) => (number * 37 + index * 11 + 5) & 0xfe)
