/** One command against the open book. */
import type { Book } from '../book.ts'
import type { Command, CommandResult } from '../command.ts'
import { bankAnswered } from './answer.ts'
import { transferToCard } from './card-transfer.ts'
import { closeWallet } from './close.ts'
import { repay } from './repay.ts'
import { moveCash, topUp, withdraw } from './request.ts'

export function decide(book: Book, command: Command): CommandResult {
  switch (command.kind) {
    case 'top_up':
      return { kind: 'move', result: topUp(book, command.order) }
    case 'withdrawal':
      return { kind: 'move', result: withdraw(book, command.order) }
    case 'repayment':
      return { kind: 'move', result: repay(book, command.order) }
    case 'card_transfer':
      return { kind: 'move', result: transferToCard(book, command.order) }
    case 'cash_in':
    case 'cash_out':
      return { kind: 'move', result: moveCash(book, command.kind, command.order) }
    case 'close':
      return { kind: 'close', result: closeWallet(book, command.order) }
    case 'bank_answered': {
      const movement = book.movement(command.movementId)
      const { outcome, attempt } = command
      const result = movement ? bankAnswered(book, movement, outcome, attempt) : null
      return { kind: 'bank_answered', result }
    }
  }
}
