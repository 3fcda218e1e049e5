// One idempotency key for one wish: the same number sent again keeps its key, another number gets a new one.

export type AttemptKeys = (wish: string) => string

export function createAttemptKeys(newKey: () => string): AttemptKeys {
  const keys = new Map<string, string>()
  return (wish) => {
    const known = keys.get(wish)
    if (known) return known
    const key = newKey()
    keys.set(wish, key)
    return key
  }
}

/** `crypto.randomUUID` exists only on secure addresses, and a demo may run on a plain one in a home network. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
