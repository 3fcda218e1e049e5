/**
 * Goes to the bank for what a movement needs, one trip a job. The intent was committed before, and card
 * operations are idempotent under its id, so a trip repeated after a crash does no harm. What became unknown
 * is only asked about: nothing is ever sent for it again.
 */
import { type CardOrder, giveUp, type OperationAnswer } from '../bank-cards/index.ts'
import { assert, type Secret } from '../kernel/index.ts'
import type { BankOutcome } from './decide/answer.ts'
import type { Movement } from './movement.ts'
import type { WalletOperations } from './ports.ts'

/** For the bank alone. */
export interface Secrets {
  readonly pin: Secret | undefined
  /** Whose card it is, where it is somebody else's. */
  readonly payee: Secret | undefined
}

export async function tripFor(
  operations: WalletOperations,
  movement: Movement,
  secrets: Secrets,
): Promise<BankOutcome | null> {
  const { id, kind, state } = movement
  if (state === 'unknown') return outcomeOf(operations, id)
  if (state !== 'requested') return null
  const order = orderOf(movement, secrets)
  if (kind !== 'top_up') return pushed(await operations.credit(order))
  const answer = await operations.debit(order)
  // The customer stands before us, so a top-up that did not leave is refused at once.
  return answered(answer.outcome === 'unsent' ? await giveUp(operations, id, answer) : answer)
}

/** For a top-up that must not be: true once nothing is taken from the card any more. */
export async function tripToUndo(operations: WalletOperations, id: string): Promise<boolean> {
  const { outcome } = await operations.reverse(id)
  return outcome === 'reversed' || outcome === 'refused'
}

function orderOf(movement: Movement, { pin, payee }: Secrets): CardOrder {
  const { id, bank, cardToken, amount } = movement
  assert(bank !== null && cardToken !== null, 'a movement at a bank names the card')
  const order = { id, bank, cardToken, amount, orderNo: id.replaceAll('-', '') }
  return { ...order, ...(pin && { pin }), ...(payee && { payee }) }
}

/** What can never be written as a message, however often it is tried; nothing of it has left. */
const unwritable = /^(identification_invalid|field_)/

function pushed(answer: OperationAnswer): BankOutcome {
  return answer.outcome === 'unsent' && unwritable.test(answer.detail)
    ? { kind: 'refused', reason: 'payee_account_wrong', code: null }
    : answered(answer)
}

function answered(answer: OperationAnswer): BankOutcome {
  switch (answer.outcome) {
    case 'done':
    case 'reversed':
      return { kind: answer.outcome }
    case 'refused':
      return { kind: 'refused', reason: answer.refusal.reason, code: answer.refusal.code }
    case 'unknown':
      return { kind: 'unknown', detail: answer.detail }
    case 'unsent': {
      const { detail, opensAt } = answer
      return opensAt === undefined
        ? { kind: 'unsent', detail }
        : { kind: 'unsent', detail, opensAt }
    }
  }
}

async function outcomeOf(operations: WalletOperations, id: string): Promise<BankOutcome> {
  const state = await operations.statusOf(id)
  if (state === 'done' || state === 'reversed') return { kind: state }
  if (state !== 'refused') return { kind: 'unknown', detail: `the operation is ${state}` }
  const refusal = await operations.refusalOf(id)
  return {
    kind: 'refused',
    reason: refusal?.reason ?? 'refused_by_bank',
    code: refusal?.code ?? null,
  }
}
