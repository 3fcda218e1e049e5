/**
 * A key of the store as a cipher with the key inside, in the shape that libraries of MACs and PIN blocks
 * take. It follows the key: after a rotation a cipher without a version is that of the new one.
 */
import { SecretBytes } from '../kernel/index.ts'
import { traits } from './key.ts'
import { type KeyRef, type KeyStore, KeyUnusable } from './key-store.ts'
import type { KeyPart } from './module.ts'

export interface KeptBlockCipher {
  readonly blockOctets: 8 | 16
  encrypt(blocks: Uint8Array): Uint8Array
  /** In clear, for whoever puts the PIN block together or takes it apart: it is theirs to overwrite. */
  decrypt(blocks: Uint8Array): Uint8Array
  chain(blocks: Uint8Array): Uint8Array
}

export function blockCipher(
  keys: Pick<KeyStore, 'list' | 'encrypt' | 'decrypt' | 'chain'>,
  ref: KeyRef,
  part: KeyPart = 'whole',
): KeptBlockCipher {
  const key = keys
    .list()
    .find(
      ({ name, version, state }) =>
        name === ref.name &&
        (ref.version === undefined ? state === 'current' : version === ref.version),
    )
  if (!key) throw new KeyUnusable(`there is no current key ${ref.name}`)
  return {
    blockOctets: traits[key.algorithm].blockOctets,
    encrypt: (blocks) => keys.encrypt(ref, new SecretBytes(blocks), part),
    decrypt: (blocks) => keys.decrypt(ref, blocks, part).reveal(),
    chain: (blocks) => keys.chain(ref, blocks, part),
  }
}
