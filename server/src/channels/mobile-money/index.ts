/** The GSMA Mobile Money API 1.2 over the wallet: the front door. */

export { createInstructionWorker, createMobileMoney } from './create-mobile-money.ts'
export type {
  Callback,
  InstructionDependencies,
  MobileMoneyDependencies,
} from './dependencies.ts'
export { type ErrorName, errors } from './errors.ts'
export { instructionWatch } from './instructions.ts'
export { isMobileMoneyTestNumber, sandboxNumberOf, sandboxNumbers } from './sandbox/numbers.ts'
export { mobileMoneyInvariants } from './verify.ts'
