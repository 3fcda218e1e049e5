/** A bill is paid from the payer's wallet. While the biller has not said how it ended, it is pending. */
import { type Bill, billerWords, isUndecided, refusalOf } from '../../../billers/index.ts'
import { filled } from '../../../wallet/index.ts'
import type { EffectDependencies } from '../dependencies.ts'
import { amountIn } from '../fields.ts'
import { type Effect, failed, type Outcome } from '../instruction.ts'
import { keyOf, resolvedIn } from '../proof.ts'
import { billShortfall } from '../refusals.ts'

/** How long a request is kept waiting for the biller; less than a repeated one waits for it. */
const patienceMs = 4_000

export function billPaymentEffect({
  billers,
  clock,
}: Pick<EffectDependencies, 'billers' | 'clock'>): Effect {
  function ofBill(bill: Bill): Outcome {
    const { id: subject, state, reason, receiptNo } = bill
    if (isUndecided(bill)) return { state: 'waiting', subject, dueAt: null }
    if (state === 'written_off')
      return { state: 'completed', subject, ...(receiptNo !== null && { receipt: receiptNo }) }
    const said = { now: clock.now() }
    const { en: words } = filled(billerWords[refusalOf(reason ?? 'refused')], said)
    return { ...failed('businessRule', { words: `The money is back. ${words}.` }), subject }
  }
  return {
    async perform(instruction) {
      const { payer: msisdn, billId = '' } = resolvedIn(instruction)
      const amount = amountIn(instruction)
      const order = { msisdn, billId, amount, channel: 'api', key: keyOf(instruction) } as const
      const paid = await billers.pay(order)
      if (!paid.ok) return { state: 'failed', fault: billShortfall(paid, amount, clock.now()) }
      const { bill } = paid.value
      return ofBill((await billers.settled(bill.id, patienceMs)) ?? bill)
    },
    async look({ subject }) {
      const bill = await billers.bill(subject ?? '')
      if (!bill) throw new Error('what a bill became is lost')
      return ofBill(bill)
    },
  }
}
