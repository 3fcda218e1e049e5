/** Money of a merchant's payment goes back to the wallet that paid, all that is left or a part of it. */
import type { Refund } from '../../../payments/index.ts'
import type { EffectDependencies } from '../dependencies.ts'
import { amountIn, lineOf, textOf } from '../fields.ts'
import { type Effect, failed, type Outcome } from '../instruction.ts'
import { readInstruction } from '../instruction-store.ts'
import { businessKeyOf, clientOf, resolvedIn } from '../proof.ts'
import { refundErrors } from '../refusals.ts'

const reasonMax = 100

export function reversalEffect({
  db,
  payments,
}: Pick<EffectDependencies, 'db' | 'payments'>): Effect {
  return {
    async perform(instruction) {
      const original = await readInstruction(db, textOf(instruction, 'original') ?? '')
      const paymentId = original?.subject
      if (!paymentId || original.state !== 'completed') return failed('incorrectState')
      const amount = textOf(instruction, 'amount') === undefined ? null : amountIn(instruction)
      const given = await payments.refund({
        ...{ paymentId, msisdn: resolvedIn(original).payer, client: clientOf(instruction) },
        ...(amount !== null && { amount }),
        reason: lineOf(textOf(instruction, 'descriptionText') ?? '', reasonMax) || '-',
        keys: [businessKeyOf(instruction)],
        merchantRefundId: instruction.id,
      })
      return given.ok ? ofRefund(given.value) : failed(refundErrors[given.refusal])
    },
    async look({ subject }) {
      const refund = await payments.getRefund(subject ?? '')
      if (!refund) throw new Error('what a reversal became is lost')
      return ofRefund(refund)
    },
  }
}

function ofRefund({ id: subject, state }: Refund): Outcome {
  if (state === 'succeeded') return { state: 'completed', subject }
  if (state === 'denied') return { ...failed('businessRule'), subject }
  return { state: 'waiting', subject, dueAt: null }
}
