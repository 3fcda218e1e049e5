/**
 * Octets that must not be printed and should not stay: keys, key components, clear PIN blocks. Every way of
 * printing gives `••••`. Who has them last overwrites them; JavaScript cannot promise that no copy was made
 * by the engine, but none is left by us.
 */
import { inspect } from 'node:util'
import { assert } from './result.ts'

export class SecretBytes {
  readonly #bytes: Uint8Array
  #wiped = false
  /** Takes the octets over: they are overwritten with this. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }
  get length(): number {
    return this.#bytes.length
  }
  /** The octets themselves, not a copy. */
  reveal(): Uint8Array {
    assert(!this.#wiped, 'a secret is not used after it was wiped')
    return this.#bytes
  }
  wipe(): void {
    this.#bytes.fill(0)
    this.#wiped = true
  }
  /** Lends the octets for one use and overwrites them afterwards, whatever happens. */
  spend<Value>(use: (bytes: Uint8Array) => Value): Value {
    try {
      return use(this.reveal())
    } finally {
      this.wipe()
    }
  }
  toString(): string {
    return '••••'
  }
  toJSON(): string {
    return '••••'
  }
  [inspect.custom](): string {
    return '••••'
  }
}
