/** One command against the open book: finds what it is about and takes the decision. */
import { refuse } from '../../kernel/index.ts'
import type { Book } from '../book.ts'
import type { Command, CommandResult, Step } from '../command.ts'
import { guardsOfClient } from '../guard-subjects.ts'
import { approve, cancel, confirmReserved, enterCode, expire, remind } from './answer.ts'
import { carrierAnswered } from './charge.ts'
import { deliveryAnswered } from './delivery.ts'
import { placeIfAccepted, placeOrder } from './order.ts'
import { placeRefund, refundAnswered } from './refund.ts'
import { stepAgain } from './step-again.ts'
import { takeText } from './text.ts'

/** `isAgain`: it was decided before, and nobody knows whether that was committed. */
export function decide(book: Book, command: Command, isAgain = false): CommandResult {
  switch (command.kind) {
    case 'order': {
      if (command.ifKnown && book.subscriber(command.msisdn)?.status !== 'active')
        return { kind: 'unplaced' }
      const place = command.ifAccepted ? placeIfAccepted : placeOrder
      const result = place(book, command.order)
      return result ? { kind: 'order', result } : { kind: 'unplaced' }
    }
    case 'text':
      takeText(book, command.text)
      return { kind: 'text' }
    case 'refund':
      return { kind: 'refund', result: placeRefund(book, command.order) }
    case 'refund_answered': {
      const refund = book.refund(command.refundId)
      const { outcome, attempt } = command
      const result = refund ? refundAnswered(book, refund, outcome, attempt) : null
      return { kind: 'refund_answered', result }
    }
    case 'carrier_answered': {
      const payment = book.payment(command.paymentId)
      const { outcome, attempt } = command
      const result = payment ? carrierAnswered(book, payment, outcome, attempt) : null
      return { kind: 'carrier_answered', result }
    }
    default: {
      const result = step(book, command)
      return { kind: 'step', result: isAgain ? stepAgain(book, command, result) : result }
    }
  }
}

function step(book: Book, command: Step) {
  const payment = book.payment(command.paymentId)
  if (!payment || payment.msisdn !== command.msisdn) return refuse('payment_not_found')
  switch (command.kind) {
    case 'validate':
      return enterCode(book, payment, {
        code: command.code,
        at: book.now,
        guards: guardsOfClient(payment),
      })
    case 'approve':
      return approve(book, payment, command.card)
    case 'confirm':
      return confirmReserved(book, payment)
    case 'cancel':
      return cancel(book, payment)
    case 'expire':
      return expire(book, payment)
    case 'remind':
      return remind(book, payment)
    case 'delivery':
      return deliveryAnswered(book, payment, command.result)
  }
}
