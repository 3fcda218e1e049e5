/** Bills of others: the front door. */
export type { BillAccount } from './account.ts'
export { maskedAccount } from './account.ts'
export { type Bill, type Channel, type EndReason, isPaid, isUndecided, type State } from './bill.ts'
export {
  type Biller,
  type BillerAnswer,
  type BillerFacts,
  type BillerFile,
  type BillerKind,
  type BillerRefusal,
  type BillItem,
  billerKinds,
  billerRefusals,
  type Connected,
  type Due,
  type FileRow,
  type Reversal,
  type Standing,
  type WriteOff,
  type WrittenOff,
} from './biller.ts'
export type {
  Answer,
  Billers,
  Detail,
  Inquiry,
  Keep,
  Paid,
  Payment,
} from './billers.ts'
export type { Finding, FindingRefusal } from './command.ts'
export { type BillersModule, type BillersOptions, createBillers } from './create-billers.ts'
export {
  type BillerResolution,
  billerDifferenceKinds,
  billerResolutions,
  type Difference as BillerDifference,
  type Standing as BillerStanding,
  standingOf,
} from './difference.ts'
export {
  findBillerDifference,
  lockBillerDifference,
  resolveBillerDifference,
  searchBillerDifferences,
} from './difference-store.ts'
export type { BillNotice, BillOutgoing } from './notice.ts'
export { billedWallets, billsNamed, history } from './store.ts'
export { topics } from './topics.ts'
export { billerInvariants } from './verify.ts'
export {
  billerWords,
  type Refusal,
  refusalOf,
} from './words.ts'
