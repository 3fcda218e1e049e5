/** A customer asks for the bill of a credit card, or repays it from the balance: both are asked the PIN for. */
import { bucketOf, type Secret } from '../../../kernel/index.ts'
import type { Asked, Reply } from './desk.ts'
import type { DeskBill, DeskCard, DeskOptions } from './ports.ts'
import { ask } from './question-store.ts'
import { answerMs, creditCardFor, refusedBy, shown, type Words } from './request.ts'

export async function askAboutBill(
  options: DeskOptions,
  asked: Asked,
  words: Words<'bill' | 'repayment'>,
): Promise<Reply> {
  const found = await creditCardFor(options, asked, words.last4)
  if ('notice' in found) return found
  const { card } = found
  const question = {
    ...{ msisdn: asked.from, id: options.ids.next(bucketOf(asked.from), asked.now) },
    ...{ kind: words.kind, cardId: card.terms.id, amount: null, speed: null },
    ...{ askedAt: asked.now, expiresAt: asked.now + answerMs },
  }
  const about = { ...shown(card), minutes: answerMs / 60_000 }
  if (words.kind === 'bill')
    return { notice: { id: 'card_ask_bill', ...about }, write: (tx) => ask(tx, question) }
  const bill = await options.bills.look(card)
  if (!bill.ok) return { notice: refusedBy(bill.refusal) }
  if (bill.value === null) return { notice: { id: 'card_no_bill', ...shown(card) } }
  if (bill.value.left === 0n) return { notice: { id: 'card_bill_paid', ...shown(card) } }
  const amount = words.amount ?? bill.value.left
  const fee = options.wallet.repaymentFeeOf(amount).toString()
  return {
    notice: { id: 'card_ask_repayment', ...about, amount: amount.toString(), fee },
    write: (tx) => ask(tx, { ...question, amount }),
  }
}

/** The PIN has come: the wallet's is right, the bank's it says itself. */
export async function tellBill(
  { bills }: Pick<DeskOptions, 'bills'>,
  card: DeskCard,
  pin: Secret,
): Promise<Reply> {
  const bill = await bills.look(card, card.pinKeptBy === 'bank' ? pin : undefined)
  if (!bill.ok) return { notice: refusedBy(bill.refusal) }
  if (bill.value === null) return { notice: { id: 'card_no_bill', ...shown(card) } }
  return { notice: { id: 'card_bill_is', ...shown(card), ...inFen(bill.value) } }
}

const inFen = ({ amount, minimum, left, dueOn }: DeskBill) => ({
  ...{ amount: amount.toString(), minimum: minimum.toString() },
  ...{ left: left.toString(), dueOn },
})
