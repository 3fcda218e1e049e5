/**
 * A wallet pays the client's own merchant. The payer has agreed by PIN with a token of his own, or by a code that he
 * made; otherwise he is asked by text, and answers with the PIN.
 */
import { isDecided, type Payment } from '../../../payments/index.ts'
import { amountText } from '../amount.ts'
import type { EffectDependencies } from '../dependencies.ts'
import { amountIn, lineOf, textOf } from '../fields.ts'
import { type Effect, failed, type Outcome } from '../instruction.ts'
import { businessKeyOf, clientOf, resolvedIn } from '../proof.ts'
import { paymentErrors } from '../refusals.ts'

const goodsMax = 40

export function merchantPaymentEffect({ payments }: Pick<EffectDependencies, 'payments'>): Effect {
  return {
    async perform(instruction) {
      const words = lineOf(textOf(instruction, 'descriptionText') ?? '', goodsMax)
      const goods = words && { zh: words, en: words }
      const consent = instruction.agreed
        ? ({ consent: 'device', isPinChecked: true } as const)
        : ({ consent: 'pin' } as const)
      const placed = await payments.order({
        ...{ msisdn: resolvedIn(instruction).payer, merchantId: instruction.merchantId },
        ...{ channel: 'api', flow: 'charge', source: 'wallet', ...consent },
        what: { amount: amountIn(instruction), ...(goods && { goods }) },
        keys: [businessKeyOf(instruction)],
        ...{ merchantOrderId: instruction.id, client: clientOf(instruction) },
      })
      return placed.ok ? ofPayment(placed.value.payment) : failed(paymentErrors[placed.refusal])
    },
    async look({ subject }) {
      const payment = await payments.get(subject ?? '')
      if (!payment) throw new Error('what a payment became is lost')
      return ofPayment(payment)
    },
  }
}

function ofPayment(payment: Payment): Outcome {
  const { id: subject, state, reason, deadlineAt, amount } = payment
  if (!isDecided(payment)) {
    const isAsked = state === 'awaiting_confirm'
    return { state: 'waiting', subject, dueAt: isAsked ? deadlineAt : null }
  }
  if (state === 'cancelled') return { ...failed('declined'), subject }
  if (state === 'expired')
    return { ...failed('declined', { words: 'The payer did not answer in time.' }), subject }
  if (state === 'reversed') {
    const words = `Nothing was decided in time. ${amountText(amount)} is back with the payer.`
    return { ...failed('businessRule', { words }), subject }
  }
  if (state === 'refused' || state === 'charge_failed')
    return { ...failed(reason === null ? 'businessRule' : paymentErrors[reason]), subject }
  return { state: 'completed', subject }
}
