/** One command against the open book. */
import type { Book } from '../book.ts'
import type { Command, CommandResult } from '../command.ts'
import { answered, foundOut } from './answer.ts'
import { inquired, lapse } from './inquiry.ts'
import { pay } from './pay.ts'

export function decide(book: Book, command: Command): CommandResult {
  switch (command.kind) {
    case 'inquired':
      return inquired(book, command)
    case 'pay':
      return pay(book, command.order)
    case 'answered':
      return answered(book, command)
    case 'found_out':
      return foundOut(book, command)
    case 'lapse':
      return lapse(book, command.billId)
  }
}
