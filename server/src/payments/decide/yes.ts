/**
 * The yes: checks once more, takes the room, stores the intent. From here whoever pays is asked; a wallet has paid.
 */
import { assert } from '../../kernel/index.ts'
import type { Book } from '../book.ts'
import type { CardTerms } from '../card.ts'
import { firstRefusal, numberRefusal, takeRoom, type Wanted } from '../checks.ts'
import type { Refusal } from '../payment.ts'
import { holdCharge, postPayment } from '../postings.ts'
import type { Versioned } from '../rows.ts'
import { topics } from '../topics.ts'
import { charged } from './charged.ts'
import { endSlot } from './slot.ts'

/** The first check that fails at the yes, judged at `at`. `too_soon` leaves the purchase open. */
export function yesRefusal(
  book: Book,
  payment: Versioned,
  at: number,
  terms?: CardTerms,
): Refusal | null {
  const { msisdn, merchantId, product, account, amount, channel, codeProof, source } = payment
  const wallet = payment.purse && (book.purse(payment.purse.walletId) ?? null)
  const purse = source === 'wallet' ? wallet : undefined
  const wanted: Wanted = {
    msisdn,
    merchantId,
    product,
    account,
    amount,
    channel,
    terms,
    purse,
    codeProof,
  }
  const refusal = firstRefusal(book, wanted, at)
  // A price or product that has changed since binds neither side: what was shown is what is charged.
  return refusal === 'goods_unknown' ? numberRefusal(book, wanted, at) : refusal
}

/** After the last check nothing may fail: limits, intent, hold and job stand or fall together. */
export function proceed(book: Book, payment: Versioned, at: number): Versioned {
  assert(payment.confirmedAt === null, 'a purchase is confirmed once')
  takeRoom(book, payment, at)
  endSlot(book, payment)
  book.disarm({ bucket: payment.bucket, topic: topics.deadline, subject: payment.id })
  const date = book.time.dateOf(at).replaceAll('-', '')
  const number = payment.orderNo.slice(6).padStart(10, '0').slice(-10)
  const said = { confirmedAt: at, chargeId: `CH${date}${number}`, codeHash: null }
  if (payment.purse) {
    assert(payment.flow === 'charge', 'a wallet pays in one step')
    postPayment(book, payment)
    book.spend(payment.purse.walletId, payment.amount)
    return charged(book, payment, { ...said, carrierRef: null })
  }
  const state = payment.flow === 'reserve' ? 'reserving' : 'charging'
  const confirmed = book.change(payment.id, { state, ...said }, 'confirmed')
  holdCharge(book, confirmed)
  book.arm({
    bucket: payment.bucket,
    topic: topics.drive,
    subject: payment.id,
    dueAt: book.now,
    payload: { msisdn: payment.msisdn },
  })
  return confirmed
}
