/**
 * The working keys shared with one bank. Where they are kept is a port: a file, or a security module that
 * never gives them out. A new one comes encrypted under the zone's master key, which only the store knows.
 */
import {
  type BlockCipher,
  cbcMac,
  cmac,
  type MacFunction,
  type Padding,
  retailMac,
  unionPayEcbMac,
} from '@telepurse/iso8583'

export type KeyUse = 'pin' | 'mac'

/** A key for MACs: whole, or in halves for the retail MAC. */
export type MacKey = BlockCipher | { readonly left: BlockCipher; readonly right: BlockCipher }

export interface ZoneKeys {
  /**
   * Undefined before the first exchange of keys. What was given once stays the cipher of that key when it has
   * been replaced.
   */
  pin(): BlockCipher | undefined
  mac(): MacKey | undefined
  /**
   * Takes a key into use and keeps it; `false` when it does not decrypt to a key with this check value. Once
   * `true`, `pin` and `mac` give the new one.
   */
  replace(use: KeyUse, wrapped: Uint8Array, checkValue: Uint8Array): Promise<boolean>
}

export interface MacAlgorithm {
  readonly algorithm: 'cbc' | 'retail' | 'cmac' | 'unionpay_ecb'
  /** Of `cbc` and `retail`. */
  readonly padding: Padding
}

/** Throws RangeError when the key has not the form that the algorithm needs. */
export function macFunction({ algorithm, padding }: MacAlgorithm, key: MacKey): MacFunction {
  if ('left' in key) {
    if (algorithm === 'retail') return (block) => retailMac(key, block, padding)
    throw new RangeError(`${algorithm} needs a whole key`)
  }
  switch (algorithm) {
    case 'cbc':
      return (block) => cbcMac(key, block, padding)
    case 'cmac':
      return (block) => cmac(key, block)
    case 'unionpay_ecb':
      return (block) => unionPayEcbMac(key, block)
    case 'retail':
      throw new RangeError('retail needs a key in halves')
  }
}
