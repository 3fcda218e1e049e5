/** Bank cards: the front door. */

export type {
  Agreement,
  Balance,
  BalanceInquiry,
  Bank,
  BankAccepted,
  BankAnswer,
  BankCard,
  BankHealth,
  BankPartial,
  BankRefusal,
  BankRefusalReason,
  BankTrace,
  BankUnknown,
  BankUnsent,
  BindingEffect,
  CardCredit,
  CardPurchase,
  CardRefund,
  Exchange,
  RefusalClass,
  Reversal,
  Verification,
  VerificationFinding,
} from './bank.ts'
export type {
  BankFileAnswer,
  BankFileKind,
  BankFileProblem,
  BankFileRow,
  BankFileSummary,
  BankFiles,
  DayTotals,
  Total,
} from './bank-file.ts'
export {
  type BindingReason,
  type BindingState,
  bindingEdges,
  bindingPolicy,
  type CardBinding,
  type CardKind,
  holdingStates,
} from './binding.ts'
export { type BindingRefusal, type BindingWords, bindingWords } from './words.ts'
