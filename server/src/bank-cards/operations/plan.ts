/**
 * What is to be sent next for an operation, by where it stands and what was sent before. Pure. One message of
 * an operation is under way at a time; one that nobody can be waiting for any more is given up here.
 */
import type { BankFileKind } from '../bank-file.ts'
import type { Operation, SentExchange } from './record.ts'
import { purchaseToUndo } from './standing.ts'

export type Plan =
  | { readonly kind: 'send'; readonly verb: BankFileKind; readonly again?: SentExchange }
  /** Its process died, or slept: what it sent may have arrived. */
  | { readonly kind: 'give_up'; readonly sent: SentExchange }
  /** Somebody is at it until then. */
  | { readonly kind: 'wait'; readonly until: number }
  /** Nobody waits for the second try any more: it stays refused. */
  | { readonly kind: 'too_late' }
  | { readonly kind: 'rest' }

/** A customer who was told to wait is not debited later than this. */
export const wantedMs = 30 * 60_000

export interface Circumstances {
  readonly operation: Operation
  readonly sent: readonly SentExchange[]
  readonly now: number
  /** Longer than a message can be under way, from its intent to its answer or to the end of waiting. */
  readonly longestMs: number
  /** Whose turn it is: a new caller leaves what is to be sent once more to those who are at it. */
  readonly who: 'caller' | 'at_it'
  /** Of a refund: whether the bank has closed the day of the purchase. */
  readonly dayIsOver: boolean
}

export function plan({ operation, sent, ...given }: Circumstances): Plan {
  const under = sent.find(({ state }) => state === 'begun')
  if (under) {
    const until = under.sentAt + given.longestMs
    return until <= given.now ? { kind: 'give_up', sent: under } : { kind: 'wait', until }
  }
  if (operation.state === 'reversing') return { kind: 'send', ...reversal(sent) }
  if (operation.state !== 'begun') return { kind: 'rest' }
  const isRetry = operation.refusal !== null
  // Who is unsent waits for a caller, and what comes once more for those who are at it.
  if (isRetry !== (given.who === 'at_it')) return { kind: 'rest' }
  if (isRetry && given.now - operation.createdAt > wantedMs) return { kind: 'too_late' }
  return { kind: 'send', verb: verbOf(operation, sent, given.dayIsOver) }
}

/** Unanswered, it is repeated under its own exchange; answered, it is sent under a new one. */
function reversal(sent: readonly SentExchange[]): Pick<Plan & { kind: 'send' }, 'verb' | 'again'> {
  const purchase = purchaseToUndo(sent)
  const again = sent.findLast(
    ({ kind, reverses }) => kind === 'reversal' && reverses === purchase?.no,
  )
  return { verb: 'reversal', ...(again?.state === 'unanswered' && { again }) }
}

function verbOf(
  { kind }: Operation,
  sent: readonly SentExchange[],
  dayIsOver: boolean,
): BankFileKind {
  if (kind === 'debit') return 'purchase'
  if (kind === 'credit') return 'credit'
  const last = sent.at(-1)
  const voidRefused = last?.kind === 'void' && last.state === 'refused'
  return dayIsOver || voidRefused ? 'refund' : 'void'
}
