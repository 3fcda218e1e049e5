/** Confirmation numbers rest after use, so that a late reply never meets another purchase. */
import { destinationOf } from '../access-code.ts'
import type { Book } from '../book.ts'
import type { Payment } from '../payment.ts'

/** Marks the payment's confirmation number as used up from now on. */
export function endSlot(book: Book, payment: Payment): void {
  const destination = payment.sender === null ? undefined : destinationOf(payment.sender)
  if (destination?.kind !== 'service' || destination.slot === null) return
  const { service, slot } = destination
  const taken = book.slot({ msisdn: payment.msisdn, service, slot })
  if (taken?.paymentId === payment.id && taken.endedAt === null)
    book.setSlot({ ...taken, endedAt: book.now })
}
