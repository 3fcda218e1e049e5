/** Everything that must hold of the rows, for the end of a test: what is broken, in words. */
import type { Reader } from '../server/src/db/index.ts'
import { betweenBucketsInvariants, ledgerInvariants } from '../server/src/ledger/index.ts'
import { paymentInvariants } from '../server/src/payments/index.ts'

/** Empty when the books are sound. */
export async function offencesIn(
  reader: Reader,
  except: readonly string[] = [],
): Promise<string[]> {
  const found: string[] = []
  for (const { name, check } of [
    ...ledgerInvariants,
    ...betweenBucketsInvariants,
    ...paymentInvariants,
  ]) {
    if (except.includes(name)) continue
    const { offences, examples } = await check(reader)
    if (offences > 0n) found.push(`${name}: ${offences}`, ...examples)
  }
  return found
}
