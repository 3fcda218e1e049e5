/** Bank cards: the front door. */

export type { AgreementRecord, Consent } from './agreement.ts'
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
export type { GivenCard, GivenHolder, NewBinding, Rebinding } from './begin.ts'
export {
  type BillDays,
  type BillReminder,
  billDates,
  billReminders,
  type CardBill,
  minimumOf,
} from './bill.ts'
export {
  type BillNotice,
  type BillRefusal,
  billTopic,
  type CardBills,
  createBillReminders,
  createCardBills,
  type NewBill,
} from './bills.ts'
export { type BankTerms, type BinTable, type Issuer, parseBinTable } from './bin-table.ts'
export {
  type BindingReason,
  type BindingState,
  bindingEdges,
  bindingPolicy,
  type CardBinding,
  type CardKind,
  holdingStates,
} from './binding.ts'
export { type AppliedEffect, createBindingTimers, type EffectAnswer } from './binding-effects.ts'
export { bindingTimerTopic } from './binding-steps.ts'
export type {
  BindingChange,
  BindingTools,
  CardHolder,
  CardOwners,
  LinkedBank,
} from './binding-tools.ts'
export { type CardBindings, createCardBindings } from './bindings.ts'
export { bindingInvariants } from './bindings-verify.ts'
export type { CardCheck, CardChecks, CheckedCard } from './card-checks.ts'
export type { CardLimit } from './limits.ts'
export type { Proof, VerifyAnswer } from './verification.ts'
export { type BindingRefusal, type BindingWords, bindingWords } from './words.ts'
export {
  type BalanceQuestion,
  type CardEffect,
  type CardOperations,
  type CardOrder,
  mayMove,
  moves,
  type OperationAnswer,
  type OperationKind,
  type OperationState,
  type OperationStatus,
  type RefundOrder,
} from './operations/operation.ts'
