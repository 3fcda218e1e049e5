/**
 * Card operations in memory, as the wallet sees them: durable and idempotent under the order's id. What a bank
 * does next is the test's to script, and what it did is counted as the bank would count it.
 */
import type {
  BankRefusal,
  CardOrder,
  OperationAnswer,
  OperationState,
} from '../../server/src/bank-cards/index.ts'
import type { WalletOperations } from '../../server/src/wallet/index.ts'

export type Behaviour =
  | 'done'
  | 'refused'
  /** It arrives and is done, and nobody hears of it. */
  | 'silent'
  /** The same, and the call itself breaks: nothing is known, not even that. */
  | 'broken'
  | 'unsent'
  /** There is no message that says it. */
  | 'unwritable'

interface Operation {
  readonly kind: 'debit' | 'credit'
  readonly order: CardOrder
  state: OperationState
  /** What the bank has done. */
  isMoved: boolean
}

export const lowFunds: BankRefusal = {
  ...{ code: 'BR-51', reason: 'low_funds', class: 'F', alarm: false },
}

export function createTestOperations() {
  const operations = new Map<string, Operation>()
  const script: Behaviour[] = []
  const calls: string[] = []
  const messages: {
    readonly kind: string
    readonly id: string
    readonly pin: string | null
    readonly payee?: string
  }[] = []

  function place(kind: 'debit' | 'credit', order: CardOrder): OperationAnswer {
    const known = operations.get(order.id)
    if (known && known.state !== 'begun') return answerOf(known)
    const behaviour = script.shift() ?? 'done'
    const operation: Operation = known ?? { kind, order, state: 'begun', isMoved: false }
    operations.set(order.id, operation)
    if (behaviour === 'unsent') return { outcome: 'unsent', detail: 'away' }
    if (behaviour === 'unwritable') return { outcome: 'unsent', detail: 'field_61_bad_character' }
    const { pin, payee } = order
    const name = payee && { payee: payee.reveal() }
    messages.push({ kind, id: order.id, pin: pin?.reveal() ?? null, ...name })
    operation.isMoved = behaviour !== 'refused'
    if (behaviour === 'done' || behaviour === 'refused') operation.state = behaviour
    else operation.state = kind === 'debit' ? 'reversing' : 'unknown'
    if (behaviour === 'broken') throw new Error('the call broke')
    return answerOf(operation)
  }
  const ended = (state: OperationState, id: string): OperationAnswer => {
    const operation = operations.get(id)
    if (!operation) return { outcome: 'unsent', detail: 'not_found' }
    operation.state = state
    if (state === 'reversed') operation.isMoved = false
    return answerOf(operation)
  }
  const port: WalletOperations = {
    async debit(order) {
      calls.push(order.id)
      return place('debit', order)
    },
    async credit(order) {
      calls.push(order.id)
      return place('credit', order)
    },
    reverse: async (id) => ended('reversed', id),
    statusOf: async (id) => operations.get(id)?.state ?? 'not_found',
    refusalOf: async (id) => (operations.get(id)?.state === 'refused' ? lowFunds : undefined),
  }
  const total = (kind: 'debit' | 'credit') =>
    [...operations.values()]
      .filter((one) => one.kind === kind && one.isMoved)
      .reduce((sum, { order }) => sum + order.amount, 0n)
  return {
    ...port,
    /** What the bank does with the next orders, in turn; `done` when nothing is scripted. */
    next: (...behaviours: readonly Behaviour[]) => void script.push(...behaviours),
    /** Later the bank answers a reversal, or the daily file says what became of a credit. */
    decide(id: string, state: 'done' | 'refused' | 'reversed') {
      const operation = operations.get(id)
      if (!operation) throw new Error(`no operation ${id}`)
      operation.state = state
      operation.isMoved = state === 'done'
    },
    messages,
    /** By order: what was called, whether or not it went on to a bank. */
    calls,
    /** Taken from cards, and paid to them, at the bank. */
    taken: () => total('debit'),
    paid: () => total('credit'),
  }
}

function answerOf({ state }: Operation): OperationAnswer {
  if (state === 'done') return { outcome: 'done', trace: {} }
  if (state === 'reversed') return { outcome: 'reversed' }
  if (state === 'refused') return { outcome: 'refused', refusal: lowFunds }
  return { outcome: 'unknown', detail: state }
}

export type TestOperations = ReturnType<typeof createTestOperations>
