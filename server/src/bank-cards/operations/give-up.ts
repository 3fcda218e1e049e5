/** The end of a debit that did not leave, for a customer who is told at once that nothing was paid. */
import type { CardOperations } from './operation.ts'

/**
 * Ends the debit for good, so that a process that slept meanwhile can no longer send it. True once nothing is
 * taken from the card; false while nobody knows, and then the customer may not be told that it failed.
 */
export async function giveUp(
  operations: Pick<CardOperations, 'reverse' | 'statusOf'>,
  debitId: string,
): Promise<boolean> {
  const { outcome } = await operations.reverse(debitId)
  if (outcome === 'reversed' || outcome === 'refused') return true
  return outcome === 'unsent' && (await operations.statusOf(debitId)) === 'not_found'
}
