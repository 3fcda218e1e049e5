/** Bank cards: the front door. */

export type { AgreementRecord, Consent } from './agreement.ts'
export type {
  Agreement,
  Balance,
  BalanceInquiry,
  Bank,
  BankAccepted,
  BankAnswer,
  BankBill,
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
  type BillReminder,
  type BillStanding,
  billReminders,
  type CardBill,
  minimumOf,
  type Repaid,
  standingOf,
} from './bill.ts'
export { type BillAnswer, type BillAsking, createBillAsking } from './bill-asking.ts'
export { type BillNotice, createBillReminders } from './bill-reminders.ts'
export { newestBills } from './bill-store.ts'
export { billWords } from './bill-words.ts'
export {
  type BillRefusal,
  billTopics,
  type CardBills,
  createCardBills,
  type EnteredBill,
  hasBills,
  wakeBills,
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
export { type CardBindings, createCardBindings, preferredOf } from './bindings.ts'
export { bindingInvariants } from './bindings-verify.ts'
export type { CardCheck, CardChecks, CheckedCard } from './card-checks.ts'
export { exchangeKey } from './exchange-key.ts'
export type { LateAnswer } from './late-answer.ts'
export type { CardLimit } from './limits.ts'
export { type AcceptRefusal, acceptableDay, acceptDay } from './operations/accept-day.ts'
export type { BankOf, BankSlot } from './operations/bank-slot.ts'
export { type CardOperationsModule, createCardOperations } from './operations/create-operations.ts'
export { type Day, type DayName, type DayState, daysOfBank } from './operations/day-store.ts'
export { pinKey } from './operations/drive.ts'
export { type Difference, differencesOf } from './operations/file-store.ts'
export { giveUp } from './operations/give-up.ts'
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
export { holdPushes } from './operations/restore-store.ts'
export type { OperationTools } from './operations/tools.ts'
export { operationInvariants } from './operations/verify.ts'
export {
  createPayeeCards,
  type PayeeCard,
  type PayeeCardRefusal,
  type PayeeCards,
} from './payee-card.ts'
export {
  type BankTotals,
  type CutOver,
  compareTotals,
  type TotalDifference,
  type TotalName,
  totalNames,
} from './totals.ts'
export type { Proof, VerifyAnswer } from './verification.ts'
export { type BindingRefusal, type BindingWords, bindingWords } from './words.ts'
