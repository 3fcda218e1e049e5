/**
 * Octets in the making: one array that grows, written from front to back. Every PDU passes through
 * here, so nothing is allocated for one but the octets it ends up as.
 */
export class OctetWriter {
  #octets = new Uint8Array(1_024)
  #at = 0

  /** Forgets what was written, and keeps `octets` free at the front. */
  begin(octets: number): void {
    this.#at = octets
  }

  octet(value: number): void {
    if (this.#at === this.#octets.length) this.#grow(1)
    this.#octets[this.#at] = value
    this.#at += 1
  }

  all(octets: Uint8Array): void {
    if (this.#at + octets.length > this.#octets.length) this.#grow(octets.length)
    this.#octets.set(octets, this.#at)
    this.#at += octets.length
  }

  /** ISO 8859-1. False, and half written, when a character is NUL or above U+00FF. */
  text(text: string): boolean {
    const { length } = text
    if (this.#at + length > this.#octets.length) this.#grow(length)
    for (let i = 0; i < length; i += 1) {
      const code = text.charCodeAt(i)
      if (code === 0 || code > 0xff) return false
      this.#octets[this.#at + i] = code
    }
    this.#at += length
    return true
  }

  /** A copy of all that was written. */
  finish(): Uint8Array {
    return this.#octets.slice(0, this.#at)
  }

  #grow(by: number) {
    const next = new Uint8Array(Math.max(this.#octets.length * 2, this.#at + by))
    next.set(this.#octets)
    this.#octets = next
  }
}
