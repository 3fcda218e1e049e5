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
