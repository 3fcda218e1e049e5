/** What becomes of a test client's instruction: the number of its payer decides, and nothing moves. */
import type { EffectDependencies } from '../dependencies.ts'
import { codeSeconds, quoteMs } from '../effects/standing.ts'
import { type Effect, failed, type Instruction, type Outcome } from '../instruction.ts'
import { resolvedIn } from '../proof.ts'
import { sandboxNumbers } from './numbers.ts'

const answerMs = 2_000
/** Nobody is waited for for ever. */
const silenceMs = 3_600_000
const words = 'The payer did not answer in time.'

export function sandboxEffect({ clock }: Pick<EffectDependencies, 'clock'>): Effect {
  async function outcome(instruction: Instruction): Promise<Outcome> {
    const { id, kind, createdAt, body } = instruction
    const done = { state: 'completed', subject: id } as const
    if (kind === 'quotation') return { ...done, dueAt: createdAt + quoteMs }
    if (kind === 'authorisationcode') {
      const seconds = typeof body.codeLifetime === 'number' ? body.codeLifetime : codeSeconds
      return { ...done, dueAt: createdAt + seconds * 1_000 }
    }
    const { payer } = resolvedIn(instruction)
    const isAnswered = clock.now() - createdAt >= answerMs
    const waiting = { state: 'waiting', subject: id, dueAt: null } as const
    if (instruction.withdrawnAt !== null) return failed('declined')
    if (payer === sandboxNumbers.silent)
      return clock.now() - createdAt < silenceMs ? waiting : failed('declined', { words })
    if (payer === sandboxNumbers.paysLater) return isAnswered ? done : waiting
    if (payer === sandboxNumbers.declines) return isAnswered ? failed('declined') : waiting
    return done
  }
  return { perform: outcome, look: outcome }
}
