/**
 * From person to person, as the product has consent for it: the payer's own token and PIN send at once, a mandate lets
 * its payee draw, and everything else is a request that the payer answers.
 */
import type { MoneyRequest, Transfer } from '../../../transfers/index.ts'
import type { EffectDependencies } from '../dependencies.ts'
import { amountIn, lineOf, textOf } from '../fields.ts'
import { type Effect, failed, type Instruction, type Outcome } from '../instruction.ts'
import { keyOf, resolvedIn } from '../proof.ts'
import { transferErrors } from '../refusals.ts'

const memoMax = 40

export function transferEffect({ transfers }: Pick<EffectDependencies, 'transfers'>): Effect {
  function commonOf(instruction: Instruction) {
    const memo = lineOf(textOf(instruction, 'descriptionText') ?? '', memoMax)
    return { amount: amountIn(instruction), key: keyOf(instruction), ...(memo && { memo }) }
  }
  return {
    async perform(instruction) {
      const { payer, payee, mandateId } = resolvedIn(instruction)
      const common = commonOf(instruction)
      if (mandateId !== undefined) {
        const { amount, key } = common
        const drawn = await transfers.draw({ msisdn: payee, mandateId, amount, key })
        if (drawn.ok) return ofTransfer(drawn.value.transfer)
        const isNone = ['not_found', 'not_open'].includes(drawn.refusal)
        return failed(isNone ? 'noMandate' : transferErrors[drawn.refusal])
      }
      if (instruction.agreed) {
        const order = { msisdn: payer, to: payee, arrival: 'now', channel: 'api' } as const
        const sent = await transfers.send({ ...order, ...common })
        return sent.ok ? ofTransfer(sent.value.transfer) : failed(transferErrors[sent.refusal])
      }
      const asked = await transfers.ask({ msisdn: payee, from: payer, ...common })
      return asked.ok ? ofRequest(asked.value.request) : failed(transferErrors[asked.refusal])
    },
    async look({ subject }) {
      const request = await transfers.request(subject ?? '')
      if (request) return ofRequest(request)
      const transfer = await transfers.get(subject ?? '')
      if (!transfer) throw new Error('what a transfer became is lost')
      return ofTransfer(transfer)
    },
  }
}

function ofTransfer({ id, state, dueAt }: Transfer): Outcome {
  if (state === 'done' || state === 'claimed') return { state: 'completed', subject: id }
  if (state === 'waiting_claim' || state === 'delayed')
    return { state: 'waiting', subject: id, dueAt }
  const words = 'The payee opened no wallet in time. The money is back with the payer.'
  return { ...failed('incorrectState', { words }), subject: id }
}

function ofRequest({ id, state, dueAt }: MoneyRequest): Outcome {
  if (state === 'paid') return { state: 'completed', subject: id }
  if (state === 'open') return { state: 'waiting', subject: id, dueAt }
  const words = state === 'expired' ? 'The payer did not answer in time.' : undefined
  return { ...failed('declined', words === undefined ? {} : { words }), subject: id }
}
