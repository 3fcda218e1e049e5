/**
 * Keys by name. An operation takes a reference and never octets of a key; what comes out in clear is a
 * `SecretBytes`. A key does what it is for and nothing else: a PIN key opens no card, a MAC key wraps no
 * key (separation of uses, ANSI X9.24-1:2017 §7).
 *
 * Use goes without waiting, for it stands in the middle of a message; a key that cannot do what is asked is
 * broken set-up, and thrown. Changes are seldom, take a lock, and answer what they refuse.
 */
import type { Result, SecretBytes } from '../kernel/index.ts'
import type { KeyAlgorithm, KeyInfo, KeyUse } from './key.ts'
import type { ComponentRefusal, KeyComponent } from './material.ts'
import type { KeyPart, MaterialRefusal } from './module.ts'

/** Without a version, the current one. */
export interface KeyRef {
  readonly name: string
  readonly version?: number
}

export interface KeySpec {
  readonly name: string
  readonly use: KeyUse
  readonly algorithm: KeyAlgorithm
  /** Whether it may leave wrapped. Once for all its versions. */
  readonly exportable?: boolean
  /** `later`: known to both sides first, then `activate`. */
  readonly activate?: 'now' | 'later'
}

export interface WrappedKey {
  readonly under: KeyRef
  readonly wrapped: Uint8Array
  /** As the other side sends it; without one, TDES lets a wrong key pass. */
  readonly checkValue?: string
}

export type SpecRefusal = 'name_invalid' | 'algorithm_unfit' | 'use_differs' | 'exportable_differs'
export type AddRefusal = SpecRefusal | MaterialRefusal | 'exists' | 'unknown_key'
export type ChangeRefusal = 'unknown_key' | 'retired' | 'is_current' | 'not_newer'
export type WrapRefusal = 'kek_too_weak' | 'not_exportable' | 'not_supported'

export interface KeyStore {
  list(): readonly KeyInfo[]
  /** Versions that decrypt, verify and find, the current one first; empty when there is none. */
  readable(name: string): readonly KeyInfo[]

  /** A key of a new name, from the module's own random source. */
  generate(spec: KeySpec): Promise<Result<KeyInfo, AddRefusal>>
  /** A new version of the same kind; the one before goes on decrypting. */
  rotate(name: string, activate?: 'now' | 'later'): Promise<Result<KeyInfo, AddRefusal>>
  /** A key, or the next version of it, as a zone key exchange brings it. */
  importWrapped(spec: KeySpec, key: WrappedKey): Promise<Result<KeyInfo, AddRefusal | WrapRefusal>>
  /** Two or three components, each with its check value, and the check value of the whole. */
  importComponents(
    spec: KeySpec,
    components: readonly KeyComponent[],
    checkValue: string,
  ): Promise<Result<KeyInfo, AddRefusal | ComponentRefusal>>
  activate(key: Required<KeyRef>): Promise<Result<KeyInfo, ChangeRefusal>>
  /** Destroys a version that is not the current one, for ever. */
  retire(key: Required<KeyRef>): Promise<Result<KeyInfo, ChangeRefusal>>
  /** For the other side: KW under AES, ECB under TDES. */
  wrapForExport(key: KeyRef, under: KeyRef): Result<Uint8Array, WrapRefusal>

  /** One block or two, each by itself (ECB): PIN blocks and steps of MACs. For `pin` and `mac`. */
  encrypt(key: KeyRef, clear: SecretBytes, part?: KeyPart): Uint8Array
  decrypt(key: KeyRef, blocks: Uint8Array, part?: KeyPart): SecretBytes
  /** The last block of CBC from zeros: what every CBC-MAC and CMAC is made of. For `mac`. */
  chain(key: KeyRef, blocks: Uint8Array, part?: KeyPart): Uint8Array
  /** A PIN block, one block or two, from one zone to another. It is in clear nowhere but here. */
  translate(from: KeyRef, to: KeyRef, blocks: Uint8Array): Uint8Array
  /** HMAC-SHA-256. For `lookup`. */
  hmac(key: KeyRef, data: Uint8Array): Uint8Array
  /** AES-256-GCM under the current version, which the text names. Opens for the same context only. */
  seal(name: string, clear: SecretBytes, context: string): string
  open(name: string, sealed: string, context: string): SecretBytes
  close(): void
}

/** The key cannot do what was asked: wrong set-up or a mistake in the program, never a customer's. */
export class KeyUnusable extends Error {
  override readonly name = 'KeyUnusable'
}

/** The store itself cannot be used as it is set up. The message is one line for the person who has to act. */
export class KeyStoreRefused extends Error {
  override readonly name: string = 'KeyStoreRefused'
}
