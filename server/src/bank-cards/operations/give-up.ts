/** The end of a debit that did not leave, for a customer who is told at once that nothing was paid. */
import type { BankUnsent } from '../bank.ts'
import type { CardOperations, OperationAnswer } from './operation.ts'

/**
 * Ends the debit for good, so that a process that slept meanwhile can no longer send it. Answers as it was
 * answered once nothing is taken from the card, with the bank's own no where another process heard one; unknown
 * while nobody knows, and then the customer may not be told that it failed.
 */
export async function giveUp(
  operations: Pick<CardOperations, 'reverse' | 'statusOf'>,
  debitId: string,
  answer: BankUnsent,
): Promise<OperationAnswer> {
  const ended = await operations.reverse(debitId)
  if (ended.outcome === 'refused') return ended
  const isNothing =
    ended.outcome === 'reversed' ||
    (ended.outcome === 'unsent' && (await operations.statusOf(debitId)) === 'not_found')
  return isNothing ? answer : { outcome: 'unknown', detail: `given up: ${answer.detail}` }
}
