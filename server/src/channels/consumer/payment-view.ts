/** A payment as its owner is shown it, and whose it is. */
import { z } from 'zod'
import type { Payment } from '../../payments/index.ts'
import type { Session } from '../../sign-ins/index.ts'
import type { ConsumerDesk } from './desk.ts'
import { iso, words } from './fields.ts'

export const paymentView = z.object({
  id: z.string(),
  orderNo: z.string(),
  merchant: words,
  goods: words,
  amount: z.string(),
  refunded: z.string(),
  source: z.enum(['phone_bill', 'card', 'wallet']),
  last4: z.string().nullable().describe('Of the card that pays'),
  state: z.string(),
  reason: z.string().nullable(),
  reasonWords: words.nullable(),
  at: z.string(),
  answerBy: z.string().nullable().describe('Until when the PIN is asked for in the app'),
  pinKeptBy: z.enum(['wallet', 'bank']).nullable().describe('Whose PIN that is'),
})

export type PaymentView = z.infer<typeof paymentView>

export async function viewOfPayment(desk: ConsumerDesk, payment: Payment): Promise<PaymentView> {
  const isAsked = payment.state === 'awaiting_confirm' && payment.consent === 'app'
  return {
    id: payment.id,
    orderNo: payment.orderNo,
    state: payment.state,
    reason: payment.reason,
    reasonWords: payment.reason === null ? null : desk.paymentWords(payment.reason),
    merchant: desk.merchantName(payment.merchantId),
    goods: payment.goods,
    amount: payment.amount.toString(),
    refunded: payment.refunded.toString(),
    source: payment.source,
    last4: payment.card?.last4 ?? null,
    at: iso(payment.createdAt),
    answerBy: isAsked ? iso(payment.deadlineAt) : null,
    pinKeptBy: isAsked ? await keeperOf(desk, payment) : null,
  }
}

async function keeperOf({ cards }: ConsumerDesk, { msisdn, card }: Payment) {
  if (card === null) return 'wallet'
  const found = (await cards.paying(msisdn)).find(({ terms }) => terms.id === card.id)
  return found?.pinKeptBy ?? 'wallet'
}

/** Whoever had the number before has his payments for himself. */
export async function ownPayments(
  { db, identities }: Pick<ConsumerDesk, 'db' | 'identities'>,
  { msisdn, beganAt }: Session,
): Promise<(payment: Payment) => boolean> {
  const since = (await identities.ownerOf(db, msisdn))?.since ?? beganAt
  return (payment) => payment.msisdn === msisdn && payment.createdAt >= since
}
