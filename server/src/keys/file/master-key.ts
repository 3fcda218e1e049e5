/**
 * The key over all keys of the file. It is made from FIELD_KEY (HKDF, RFC 5869, under a label of its own) or
 * from a passphrase (scrypt, RFC 7914), and is nowhere on the disk. Two keys are made of it: one seals the
 * entries, one the file as a whole.
 */
import { createHash, createHmac, hkdfSync, scryptSync } from 'node:crypto'
import { type Secret, SecretBytes } from '../../kernel/index.ts'

/** How the master key is made, as the first line of the file says it. */
export type Derivation =
  | { readonly kdf: 'hkdf-sha256' }
  | { readonly kdf: 'scrypt'; readonly salt: string; readonly cost: number }

export interface MasterSecret {
  readonly from: 'field-key' | 'passphrase'
  readonly secret: Secret
}

export interface MasterKey {
  /** Tells keys apart and says nothing of the key. */
  readonly id: string
  readonly sealing: SecretBytes
  tagOf(text: string): string
}

/** 128 MB and a third of a second for each try. */
export const scryptCost = 2 ** 17
/** A file that was edited must not make us take all memory: a gigabyte at most. */
const scryptCostMax = 2 ** 20
const scryptBlocks = 8

export const isSoundCost = (cost: number): boolean =>
  Number.isInteger(Math.log2(cost)) && cost >= 2 && cost <= scryptCostMax

export function deriveMaster({ from, secret }: MasterSecret, derivation: Derivation): MasterKey {
  const kdf = from === 'field-key' ? 'hkdf-sha256' : 'scrypt'
  // Another kind of secret is another key, whatever it would give: the id says so.
  const stretched =
    kdf === derivation.kdf && derivation.kdf === 'scrypt'
      ? scryptSync(secret.reveal(), Buffer.from(derivation.salt, 'base64url'), 32, {
          N: derivation.cost,
          r: scryptBlocks,
          p: 1,
          maxmem: 256 * scryptBlocks * derivation.cost,
        })
      : Buffer.from(secret.reveal())
  const derived = (use: string) =>
    Buffer.from(hkdfSync('sha256', stretched, '', `telepurse key file ${kdf} ${use}`, 32))
  const sealing = derived('seal')
  const tagging = derived('tag')
  stretched.fill(0)
  return {
    id: createHash('sha256').update('id of ').update(sealing).digest('hex').slice(0, 16),
    sealing: new SecretBytes(sealing),
    tagOf: (text) => createHmac('sha256', tagging).update(text).digest('hex'),
  }
}
