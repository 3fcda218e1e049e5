/**
 * Where the octets of keys are: the port behind the key store, with an encrypted file and PKCS #11 as its
 * two sides. It does as it is told; who may do what with which key is decided in front of it.
 */
import type { Result, SecretBytes } from '../kernel/index.ts'
import type { Direction } from './ciphers.ts'
import type { KeyRecord } from './key.ts'

/** A retail MAC (ISO/IEC 9797-1 algorithm 3) needs the halves of its key one by one. */
export type KeyPart = 'whole' | 'left' | 'right'

/** Where the octets of a new key come from. */
export type Material =
  | { readonly from: 'chance' }
  | { readonly from: 'clear'; readonly octets: SecretBytes }
  | { readonly from: 'wrapped'; readonly octets: Uint8Array; readonly under: KeyRecord }

export type NewKey = Omit<KeyRecord, 'checkValue' | 'activatedAt' | 'retiredAt'> & {
  readonly activatedAt: number | null
}

export type MaterialRefusal =
  | 'key_length_invalid'
  | 'check_value_differs'
  | 'weak_key'
  /** KW (NIST SP 800-38F) says that it was wrapped under another key, or changed. */
  | 'unwrap_failed'

export interface KeyEditor {
  /** As they stand under the lock. */
  records(): readonly KeyRecord[]
  /** Adds a version; `checkValue` is what it must turn out to have. A refusal leaves nothing behind. */
  add(key: NewKey, material: Material, checkValue?: string): Result<KeyRecord, MaterialRefusal>
  activate(key: KeyRecord, at: number): void
  /** Destroys the octets; the record stays. */
  retire(key: KeyRecord, at: number): void
}

export interface KeyModule {
  /** Of all versions of all keys, as they stand now: what another process changed is seen. */
  records(): readonly KeyRecord[]
  /** One writer at a time, over all processes; what is refused or thrown changes nothing. */
  change<Value, Refusal>(
    work: (editor: KeyEditor) => Result<Value, Refusal>,
  ): Promise<Result<Value, Refusal>>
  ecb(key: KeyRecord, blocks: Uint8Array, direction: Direction, part: KeyPart): Uint8Array
  chain(key: KeyRecord, blocks: Uint8Array, part: KeyPart): Uint8Array
  hmac(key: KeyRecord, data: Uint8Array): Uint8Array
  gcmSeal(key: KeyRecord, input: GcmInput & { readonly clear: Uint8Array }): Uint8Array
  gcmOpen(
    key: KeyRecord,
    input: GcmInput & { readonly sealed: Uint8Array },
  ): SecretBytes | undefined
  /** Undefined where this kind of module cannot wrap this key under that one. */
  wrap(key: KeyRecord, under: KeyRecord): Uint8Array | undefined
  close(): void
}

export interface GcmInput {
  readonly nonce: Uint8Array
  readonly context: Uint8Array
}
