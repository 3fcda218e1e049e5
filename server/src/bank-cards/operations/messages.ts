/** Sends one message of an operation: the verb of the port that its kind names. Never rejects. */
import type { Secret } from '../../kernel/index.ts'
import type { Bank, BankCard, BankTrace, BankUnsent } from '../bank.ts'
import type { Operation, SentExchange } from './record.ts'
import type { SendAnswer } from './settle.ts'
import { purchaseToUndo } from './standing.ts'

export interface Letter {
  readonly operation: Operation
  readonly message: SentExchange
  /** What a reversal, a void or a refund is about. */
  readonly original?: SentExchange
  /** What the bank called that one. */
  readonly trace?: BankTrace
}

export async function sendMessage(
  bank: Bank,
  { operation, message, original, trace = {} }: Letter,
  {
    card,
    pin,
    payee,
  }: {
    readonly card: BankCard
    readonly pin: Secret | undefined
    readonly payee: Secret | undefined
  },
): Promise<SendAnswer> {
  const { exchange, amount, sends } = message
  const { orderNo } = operation
  switch (message.kind) {
    case 'purchase':
      return bank.purchase({ exchange, card, amount, orderNo, ...(pin && { pin }) })
    case 'credit':
      return bank.credit({ exchange, card, amount, ...(payee && { payee }) })
    default: {
      if (!original) return noOriginal
      const undo = { exchange, card, amount, original: original.exchange }
      if (message.kind === 'reversal') return bank.reverse({ ...undo, repeat: sends > 1 })
      return message.kind === 'void'
        ? bank.voidPurchase({ ...undo, trace })
        : bank.refund({ ...undo, trace })
    }
  }
}

const noOriginal: BankUnsent = { outcome: 'unsent', detail: 'no_original' }

/** The purchase that a message is about, among what was sent for the debit. */
export const originalOf = (
  { kind, reverses }: Pick<SentExchange, 'kind' | 'reverses'>,
  ofDebit: readonly SentExchange[],
): SentExchange | undefined => {
  if (kind === 'reversal') return ofDebit.find(({ no }) => no === reverses)
  return kind === 'void' || kind === 'refund' ? purchaseToUndo(ofDebit) : undefined
}
