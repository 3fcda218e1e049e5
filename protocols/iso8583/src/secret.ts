/** A PIN or a key on its way to its one use. Every way of printing it gives `••••`. */
export class Secret<Value extends string | Uint8Array> {
  readonly #value: Value
  constructor(value: Value) {
    this.#value = value
  }
  /** The value itself. Call it only where the value leaves for its one use. */
  reveal(): Value {
    return this.#value
  }
  toString(): string {
    return '••••'
  }
  toJSON(): string {
    return '••••'
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '••••'
  }
}

/** What a secret must be able to do here, so that a program may pass its own kind. */
export interface Revealing<Value> {
  reveal(): Value
}
