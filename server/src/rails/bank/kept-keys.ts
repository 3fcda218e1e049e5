/**
 * Working keys of a zone in the key store, which gives out none of them: `bank:<name>:zpk` for PINs and
 * `bank:<name>:mak` for MACs, under `bank:<name>:zmk`, the master key that was entered in components. The name
 * of a bank has `_` where the name of a key has `-`.
 */
import { assert, type Clock } from '../../kernel/index.ts'
import {
  blockCipher,
  isKeyName,
  type KeyAlgorithm,
  type KeyInfo,
  type KeyStore,
} from '../../keys/index.ts'
import type { KeyUse, MacAlgorithm, ZoneKeys } from './zone-keys.ts'

export interface KeptKeysOptions {
  readonly keys: KeyStore
  readonly bank: string
  readonly mac: MacAlgorithm
  readonly clock: Clock
}

export interface KeyNames {
  readonly master: string
  readonly pin: string
  readonly mac: string
}

/** Undefined when the bank's name makes no name of a key. */
export function keyNamesOf(bank: string): KeyNames | undefined {
  const base = `bank:${bank.replaceAll('_', '-')}`
  const names = { master: `${base}:zmk`, pin: `${base}:zpk`, mac: `${base}:mak` }
  return Object.values(names).every(isKeyName) ? names : undefined
}

/** A key that was replaced this long ago verifies nothing any more. */
const retiredMs = 10 * 60_000

export function createKeptKeys({ keys, bank, mac, clock }: KeptKeysOptions): ZoneKeys {
  const named = keyNamesOf(bank)
  assert(named, `the name of bank ${bank} makes names of keys`)
  const names: KeyNames = named
  const current = (use: KeyUse) =>
    keys.readable(names[use]).find(({ state }) => state === 'current')
  // By its version, so that it stays the cipher of that key.
  const cipherOf = ({ name, version }: KeyInfo, part?: 'left' | 'right') =>
    blockCipher(keys, { name, version }, part)

  /** Keys come with every sign-on: what they have replaced is destroyed once nothing under way needs it. */
  async function retireOld(use: KeyUse): Promise<void> {
    const [, ...replaced] = keys.readable(names[use])
    for (const [at, { name, version }] of replaced.entries()) {
      const newer = at === 0 ? current(use) : replaced[at - 1]
      if (newer && clock.now() - newer.createdAt > retiredMs) await keys.retire({ name, version })
    }
  }

  return {
    pin() {
      const key = current('pin')
      return key && cipherOf(key)
    },
    mac() {
      const key = current('mac')
      if (!key) return undefined
      if (mac.algorithm !== 'retail') return cipherOf(key)
      return { left: cipherOf(key, 'left'), right: cipherOf(key, 'right') }
    },
    async replace(use, wrapped, checkValue) {
      const [master] = keys.readable(names.master)
      const algorithm = master && algorithmOf(master.algorithm, wrapped.length)
      if (!master || !algorithm) return false
      // A retail MAC is made with the halves of a key.
      if (use === 'mac' && mac.algorithm === 'retail' && algorithm !== 'tdes-double') return false
      const { name, version } = master
      const imported = await keys.importWrapped(
        { name: names[use], use, algorithm },
        { under: { name, version }, wrapped, checkValue: hexOf(checkValue) },
      )
      if (imported.ok) await retireOld(use)
      return imported.ok
    },
  }
}

const hexOf = (octets: Uint8Array) => Buffer.from(octets).toString('hex').toUpperCase()

/** Under TDES a key travels in its own length, under AES with eight octets more (KW). */
function algorithmOf(master: KeyAlgorithm, octets: number): KeyAlgorithm | undefined {
  const underDes: Readonly<Record<number, KeyAlgorithm>> = {
    ...{ 8: 'des', 16: 'tdes-double', 24: 'tdes-triple' },
  }
  const underAes: Readonly<Record<number, KeyAlgorithm>> = { 24: 'aes-128', 40: 'aes-256' }
  return (master.startsWith('aes') ? underAes : underDes)[octets]
}
