/** Which effect does an instruction: the sandbox's for test clients, else that of its kind. */
import type { EffectDependencies } from '../dependencies.ts'
import type { Effect, Instruction, Kind } from '../instruction.ts'
import { sandboxEffect } from '../sandbox/effect.ts'
import { billPaymentEffect } from './bill-payment.ts'
import { usingCode } from './code-use.ts'
import { merchantPaymentEffect } from './merchant-payment.ts'
import { reversalEffect } from './reversal.ts'
import { codeEffect, mandateEffect, quotationEffect } from './standing.ts'
import { transferEffect } from './transfer.ts'

export function createEffects(deps: EffectDependencies): (instruction: Instruction) => Effect {
  const effects: Readonly<Record<Kind, Effect>> = {
    transfer: transferEffect(deps),
    merchantpay: usingCode(deps, merchantPaymentEffect(deps)),
    reversal: reversalEffect(deps),
    debitmandate: mandateEffect(deps),
    authorisationcode: codeEffect,
    quotation: quotationEffect,
    billpay: billPaymentEffect(deps),
  }
  const sandbox = usingCode(deps, sandboxEffect(deps))
  return ({ kind, test }) => (test ? sandbox : effects[kind])
}
