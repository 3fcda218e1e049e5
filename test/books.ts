/** Everything that must hold of the rows, for the end of a test: what is broken, in words. */

import { invariants } from '../server/src/composition/invariants.ts'
import type { Database, Reader } from '../server/src/db/index.ts'
import type { Invariant } from '../server/src/ledger/index.ts'

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

class Undo extends Error {}

/** The names of the rules that find a change while it stands; it is taken back whatever comes of it. */
export async function foundAfter(
  db: Pick<Database, 'transact'>,
  rules: readonly Invariant[],
  change: string,
): Promise<string[]> {
  let found: string[] = []
  const work = db.transact(async (tx) => {
    await tx.query(change)
    found = []
    for (const { name, check } of rules) if ((await check(tx)).offences > 0n) found.push(name)
    throw new Undo()
  })
  await work.catch((error: unknown) => {
    if (!(error instanceof Undo)) throw error
  })
  return found
}
