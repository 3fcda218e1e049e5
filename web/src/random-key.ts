// A key that nobody else has.

/** `crypto.randomUUID` exists only on secure addresses, and a demo may run on a plain one in a home network. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
