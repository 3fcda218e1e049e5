/** Everything that must hold of the rows, for the end of a test: what is broken, in words. */

import { invariants } from '../server/src/composition/invariants.ts'
import type { Reader } from '../server/src/db/index.ts'

/** Empty when the books are sound. */
export async function offencesIn(
  reader: Reader,
  except: readonly string[] = [],
): Promise<string[]> {
  const found: string[] = []
  for (const { name, check } of invariants) {
    if (except.includes(name)) continue
    const { offences, examples } = await check(reader)
    if (offences > 0n) found.push(`${name}: ${offences}`, ...examples)
  }
  return found
}
