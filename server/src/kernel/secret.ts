/** A value that must not be printed: PIN, key, token, card number. Every way of printing gives `••••`. */
import { inspect } from 'node:util'

export class Secret {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }
  /** The value itself. Call it only where the value leaves for its one use. */
  reveal(): string {
    return this.#value
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
