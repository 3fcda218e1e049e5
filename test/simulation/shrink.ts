/** Makes a failing plan smaller: items are left out, many at once and then one by one, while it fails. */
import type { Item, Plan } from './plan.ts'

export const only = (plan: Plan, indices: ReadonlySet<number>): Plan => ({
  ...plan,
  items: plan.items.filter(({ index }) => indices.has(index)),
})

/** `fails` plays a plan; at most `playsMax` times. Gives the smallest failing plan that was found. */
export async function shrunk(
  plan: Plan,
  fails: (plan: Plan) => Promise<boolean>,
  playsMax = 120,
): Promise<Plan> {
  let smallest = plan
  let plays = 0
  for (let size = Math.ceil(plan.items.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < smallest.items.length && plays < playsMax; ) {
      const without = smallest.items.filter((_, i) => i < from || i >= from + size)
      plays += 1
      if (await fails({ ...smallest, items: without })) smallest = { ...smallest, items: without }
      else from += size
    }
  }
  return smallest
}

export const indicesOf = (items: readonly Item[]): string =>
  items.map(({ index }) => index).join(',')
