/**
 * Values by bucket and by a name within it. Two look-ups instead of a key put together from both:
 * building and hashing such a key costs several times what it finds.
 */
export class ByBucket<Value> {
  readonly #buckets: Map<string, Value>[] = []

  get(bucket: number, name: string): Value | undefined {
    return this.#buckets[bucket]?.get(name)
  }

  set(bucket: number, name: string, value: Value): void {
    const known = this.#buckets[bucket]
    if (known) known.set(name, value)
    else this.#buckets[bucket] = new Map([[name, value]])
  }

  delete(bucket: number, name: string): void {
    this.#buckets[bucket]?.delete(name)
  }

  values(): Value[] {
    const all: Value[] = []
    for (const bucket of this.#buckets) if (bucket) all.push(...bucket.values())
    return all
  }
}
