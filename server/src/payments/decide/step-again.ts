/**
 * A step whose first answer nobody heard, because the connection was lost in COMMIT, and which is decided
 * once more. When it was done then, it is refused now: the payment is past it. It is answered as it was.
 */
import { accept, type Result, refuse } from '../../kernel/index.ts'
import type { Book } from '../book.ts'
import type { Step } from '../command.ts'
import { type Payment, paidStates, type State } from '../payment.ts'
import type { StepRefusal } from '../payments.ts'

type Answer = Result<Payment, StepRefusal>

export function stepAgain(book: Book, command: Step, now: Answer): Answer {
  if (now.ok || now.refusal !== 'not_allowed_now') return now
  const payment = book.payment(command.paymentId)
  return (payment && asThen(payment, command)) ?? now
}

/** Undefined where the payment is not where this step leads. */
function asThen(payment: Payment, command: Step): Answer | undefined {
  const is = (...states: readonly State[]) => (states.includes(payment.state) ? payment : undefined)
  const accepted = (found: Payment | undefined) => found && accept(found)
  switch (command.kind) {
    case 'validate':
    case 'approve':
      if (payment.confirmedAt !== null) return accept(payment)
      if (is('refused')) return refuse(refusalOf(payment))
      return is('expired') && refuse('too_late')
    case 'confirm':
      if (payment.flow !== 'reserve') return undefined
      return accepted(is('charging', 'charge_unknown', ...paidStates)) ?? lateIf(payment)
    case 'cancel':
      return accepted(is('cancelled')) ?? lateIf(payment)
    case 'expire':
      return accepted(is('expired'))
    case 'delivery':
      return accepted(is(...deliveredAs[command.result]))
    case 'remind':
      return undefined
  }
}

const refusalOf = ({ reason }: Payment): StepRefusal =>
  reason === 'code_wrong' ? 'no_tries_left' : (reason ?? 'not_allowed_now')

const lateIf = ({ state }: Payment) => (state === 'expired' ? refuse('too_late') : undefined)

const deliveredAs: Readonly<Record<'delivered' | 'failed' | 'unknown', readonly State[]>> = {
  delivered: ['delivered', 'refunded'],
  failed: ['delivery_failed', 'refunded'],
  unknown: ['delivery_unknown'],
}
