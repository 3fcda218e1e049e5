/** A code pays for one instruction: used before anything is done, and given back when that was refused. */
import type { EffectDependencies } from '../dependencies.ts'
import type { ErrorName } from '../errors.ts'
import { amountIn, textOf } from '../fields.ts'
import { type Effect, failed, type Instruction } from '../instruction.ts'
import { giveCodeBack, readInstruction, useCode } from '../instruction-store.ts'
import { resolvedIn } from '../proof.ts'

type Tools = Pick<EffectDependencies, 'db' | 'clock' | 'wallet'>

export function usingCode(tools: Tools, inner: Effect): Effect {
  const { db } = tools
  return {
    async perform(instruction) {
      const codeId = instruction.kind === 'merchantpay' && resolvedIn(instruction).codeId
      if (!codeId) return inner.perform(instruction)
      const code = await readInstruction(db, codeId)
      if (!code) return failed('identifier')
      const refusal = await refusalOf(tools, code, instruction)
      if (refusal !== null) return failed(refusal)
      const outcome = await inner.perform(instruction)
      if (outcome.state === 'failed')
        await db.transact((tx) => giveCodeBack(tx, code, instruction.id))
      return outcome
    },
    look: (instruction) => inner.look(instruction),
  }
}

/** Why a code does not pay for this; null when it is used now, by this instruction alone. */
async function refusalOf(
  { db, clock, wallet }: Tools,
  code: Instruction,
  instruction: Instruction,
): Promise<ErrorName | null> {
  if (textOf(code, 'amount') !== undefined) {
    const [most, wanted] = [amountIn(code), amountIn(instruction)]
    if (wanted > most) return 'overPayment'
    if (wanted < most && textOf(code, 'amountType') !== 'maximum') return 'underPayment'
  }
  // The number may have another owner since.
  const now = code.test ? undefined : await wallet.balance(code.msisdn ?? '')
  if ((now?.account.id ?? null) !== resolvedIn(code).walletId) return 'incorrectState'
  const use = { by: instruction.id, now: clock.now() }
  return (await db.transact((tx) => useCode(tx, code, use))) ? null : 'incorrectState'
}
