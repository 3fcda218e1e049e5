/** Counters of one batch: the second command sees what the first one took. */
import type { Amount } from '../kernel/index.ts'
import { type CounterKey, counterName } from './counter-store.ts'

export interface Counting {
  usedOf(key: CounterKey): Amount
  /** Takes room of a limit, or gives it back. */
  count(key: CounterKey, amount: Amount): void
  /** What is to be saved. */
  counters(): { readonly key: CounterKey; readonly used: Amount }[]
}

/** `before` is what was read under the locks; what is not in it was never used. */
export function openCounting(before: ReadonlyMap<string, Amount>): Counting {
  const used = new Map(before)
  const counted = new Map<string, CounterKey>()
  const usedOf = (key: CounterKey) => used.get(counterName(key)) ?? 0n
  return {
    usedOf,
    count(key, amount) {
      const sum = usedOf(key) + amount
      // What was taken under an older rule cannot be given back twice.
      used.set(counterName(key), sum < 0n ? 0n : sum)
      counted.set(counterName(key), key)
    },
    counters: () => [...counted.values()].map((key) => ({ key, used: usedOf(key) })),
  }
}
