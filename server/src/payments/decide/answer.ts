/** What ends the question: a yes, a code, a no, time, or the merchant's own cancellation. */
import { accept, type Result, refuse } from '../../kernel/index.ts'
import { countWrong, isLocked } from '../../risk/index.ts'
import { serviceNumber, webService } from '../access-code.ts'
import type { Book } from '../book.ts'
import type { CardTerms } from '../card.ts'
import { giveRoom, waitMs } from '../checks.ts'
import { asksPin } from '../money.ts'
import type { Payment } from '../payment.ts'
import type { StepRefusal } from '../payments.ts'
import { voidCharge } from '../postings.ts'
import type { Versioned } from '../rows.ts'
import { codeTriesMax, graceMs, promptsMax, topics } from '../topics.ts'
import { sendQuestion } from './order.ts'
import { tellRefusal } from './refused.ts'
import { endSlot } from './slot.ts'
import { proceed, yesRefusal } from './yes.ts'

type Step = Result<Payment, StepRefusal>

/** The customer says yes to this purchase at `at`: by text, with a code, or with the owner's PIN. */
export function sayYes(
  book: Book,
  payment: Versioned,
  at: number,
  { card, isApproved = false }: { readonly card?: CardTerms; readonly isApproved?: boolean } = {},
): Step {
  if (payment.state !== 'awaiting_confirm') return refuse('not_allowed_now')
  // A plain yes is not the PIN that was asked for.
  if (asksPin(payment) && !isApproved) return refuse('not_allowed_now')
  if (at > payment.deadlineAt) {
    expire(book, payment)
    return refuse('too_late')
  }
  const refusal = yesRefusal(book, payment, at, card)
  if (refusal === null) return accept(proceed(book, payment, at))
  const from = payment.sender ?? serviceNumber(webService)
  if (refusal === 'too_soon') {
    // The purchase stays open: the customer may say yes again when the interval is over.
    const seconds = Math.ceil(waitMs(book, payment.msisdn, at) / 1_000)
    const notice = { id: 'T12', seconds } as const
    book.send(payment, { to: payment.msisdn, from, paymentId: payment.id, notice })
    return refuse('too_soon')
  }
  const refused = book.change(
    payment.id,
    { state: 'refused', reason: refusal, endedAt: book.now },
    'refused',
    { reason: refusal },
  )
  close(book, refused)
  tellRefusal(book, refused, refusal, from)
  return refuse(refusal)
}

/** The PIN was right. Only a purchase that asked for it can be answered so, and by what it was ordered with. */
export function approve(book: Book, payment: Versioned, card?: CardTerms): Step {
  if (!asksPin(payment) || payment.card?.id !== card?.id) return refuse('not_allowed_now')
  return sayYes(book, payment, book.now, { ...(card && { card }), isApproved: true })
}

/**
 * A code from our text. Three tries; the third wrong one cancels the purchase. `guards` are those it
 * counts against besides: while one of them is locked, no code is looked at.
 */
export function enterCode(
  book: Book,
  payment: Versioned,
  { code, at, guards }: { readonly code: string; readonly at: number; guards: readonly string[] },
): Step {
  if (payment.state !== 'awaiting_confirm' || payment.codeHash === null)
    return refuse('not_allowed_now')
  if (at > payment.deadlineAt) {
    expire(book, payment)
    return refuse('too_late')
  }
  const watching = book.isTestNumber(payment.msisdn) ? [] : guards.map(book.guardOf)
  if (watching.some((guard) => isLocked(guard, book.now))) return refuse('codes_locked')
  if (book.hashCode(payment.id, code) === payment.codeHash) return sayYes(book, payment, at)
  for (const guard of watching) book.setGuard(countWrong(guard, book.now))
  const codeTries = payment.codeTries + 1
  if (codeTries < codeTriesMax) {
    book.change(payment.id, { codeTries }, 'code_wrong')
    return refuse('code_wrong')
  }
  const patch = { state: 'refused', reason: 'code_wrong', codeTries, endedAt: book.now } as const
  close(book, book.change(payment.id, patch, 'refused', { reason: 'code_wrong' }))
  return refuse('no_tries_left')
}

/** Ends a purchase that has not been charged. The customer is told that nothing was charged. */
export function cancel(book: Book, payment: Versioned): Step {
  if (!['awaiting_confirm', 'reserved'].includes(payment.state)) return refuse('not_allowed_now')
  if (payment.state === 'reserved' && book.now > payment.deadlineAt) {
    expire(book, payment)
    return refuse('too_late')
  }
  const merchant = book.catalogue.merchant(payment.merchantId)?.name
  const ended = end(book, payment, 'cancelled')
  book.send(payment, {
    to: payment.msisdn,
    from: payment.sender ?? serviceNumber(webService),
    paymentId: payment.id,
    notice: {
      id: 'T4',
      merchant: merchant ?? { zh: payment.merchantId, en: payment.merchantId },
      goods: payment.goods,
      amount: payment.amount.toString(),
    },
  })
  return accept(ended)
}

/** The time is over. Only a purchase whose deadline has passed expires; anything else stays. */
export function expire(book: Book, payment: Versioned): Step {
  const waiting = payment.state === 'awaiting_confirm' || payment.state === 'reserved'
  if (waiting && book.now <= payment.deadlineAt) armDeadline(book, payment)
  if (!waiting || book.now <= payment.deadlineAt) return refuse('not_allowed_now')
  return accept(end(book, payment, 'expired'))
}

/** Second step of a reservation: the merchant wants the charge now. */
export function confirmReserved(book: Book, payment: Versioned): Step {
  if (payment.state !== 'reserved') return refuse('not_allowed_now')
  if (book.now > payment.deadlineAt) {
    expire(book, payment)
    return refuse('too_late')
  }
  const { bucket, id: subject, msisdn } = payment
  book.disarm({ bucket, topic: topics.deadline, subject })
  book.arm({ bucket, topic: topics.drive, subject, dueAt: book.now, payload: { msisdn } })
  return accept(book.change(payment.id, { state: 'charging' }, 'charge_ordered'))
}

/** The question once more, on request of the page. */
export function remind(book: Book, payment: Versioned): Step {
  const open = payment.state === 'awaiting_confirm' && book.now <= payment.deadlineAt
  const isTexted = payment.consent !== 'app'
  if (!open || !isTexted || payment.prompts >= promptsMax) return refuse('not_allowed_now')
  return accept(sendQuestion(book, payment))
}

/** A reservation is given back in the ledger, in the limits and at the carrier; a question just ends. */
function end(book: Book, payment: Versioned, state: 'cancelled' | 'expired'): Versioned {
  if (payment.state === 'reserved') releaseReservation(book, payment)
  const ended = book.change(payment.id, { state, endedAt: book.now, codeHash: null }, state)
  close(book, ended)
  return ended
}

/** Also when the timer rang early, by another clock: a question without its timer would stay for ever. */
export function armDeadline(book: Book, payment: Payment): void {
  const { bucket, id: subject, msisdn, deadlineAt } = payment
  const topic = topics.deadline
  book.arm({ bucket, topic, subject, dueAt: deadlineAt + graceMs, payload: { msisdn } })
}

/** Gives back all that a yes has taken from a purchase that will not be charged. */
export function releaseReservation(book: Book, payment: Versioned): void {
  voidCharge(book, payment)
  giveRoom(book, payment, payment.amount)
  if (payment.chargeId === null) return
  book.effects.jobs.push({
    bucket: payment.bucket,
    topic: topics.release,
    subject: payment.id,
    dueAt: book.now,
    payload: { chargeId: payment.chargeId },
  })
}

function close(book: Book, payment: Versioned): void {
  endSlot(book, payment)
  book.disarm({ bucket: payment.bucket, topic: topics.deadline, subject: payment.id })
}
