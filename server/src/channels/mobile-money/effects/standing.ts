/** What stands afterwards and moves nothing by itself: mandates, codes, quotations. */
import type { Every } from '../../../transfers/index.ts'
import type { EffectDependencies } from '../dependencies.ts'
import { amountIn, textOf } from '../fields.ts'
import { type Effect, failed, type Instruction } from '../instruction.ts'
import { keyOf, resolvedIn } from '../proof.ts'
import { transferErrors } from '../refusals.ts'

/** Of the standard's rhythms, those that our mandates have; without one the limit is for all its time. */
export const rhythms: Readonly<Record<string, Every>> = {
  weekly: 'week',
  monthspecificdate: 'month',
}
export const quoteMs = 15 * 60_000
/** The standard's example. */
export const codeSeconds = 600

export function mandateEffect({ transfers }: Pick<EffectDependencies, 'transfers'>): Effect {
  return {
    async perform(instruction) {
      const { payer, payee } = resolvedIn(instruction)
      const endsOn = textOf(instruction, 'endDate')
      const given = await transfers.give({
        ...{ msisdn: payer, to: payee, key: keyOf(instruction) },
        every: rhythms[textOf(instruction, 'frequencyType') ?? ''] ?? 'once',
        cap: amountIn(instruction, 'amountLimit'),
        startsOn: textOf(instruction, 'startDate') ?? '',
        ...(endsOn !== undefined && { endsOn }),
      })
      if (!given.ok) return failed(transferErrors[given.refusal])
      return { state: 'completed', subject: given.value.mandate.id }
    },
    look: neverWaits,
  }
}

export const codeEffect: Effect = {
  async perform(instruction) {
    const seconds = instruction.body.codeLifetime
    const lifetimeMs = (typeof seconds === 'number' ? seconds : codeSeconds) * 1_000
    const dueAt = instruction.createdAt + lifetimeMs
    return { state: 'completed', subject: null, dueAt }
  },
  look: neverWaits,
}

export const quotationEffect: Effect = {
  async perform({ createdAt }) {
    return { state: 'completed', subject: null, dueAt: createdAt + quoteMs }
  },
  look: neverWaits,
}

async function neverWaits({ kind }: Instruction): Promise<never> {
  throw new Error(`a ${kind} never waits`)
}
