export type { AccountKind, Side, Title } from './account-kinds.ts'
export {
  type AnyTransfer,
  accountsBetween,
  executeAcrossBuckets,
  postAcrossBuckets,
  type TransferBetweenBuckets,
} from './between-buckets.ts'
export { betweenBucketsInvariants } from './between-buckets-verify.ts'
export {
  type AccountName,
  bankClearing,
  bankLongSuspense,
  bankShortSuspense,
  billerPayable,
  billerSuspense,
  carrierReceivable,
  carrierRefundsDue,
  carrierSuspense,
  counterCash,
  merchantPayable,
  merchantPending,
  ownBank,
  parseAccountName,
  platformFeeIncome,
  pointsBalance,
  pointsIssued,
  redPackets,
  reserve,
  tillSuspense,
  topUpVoucherFloat,
  topUpVoucherReceivable,
  unclaimedTransfers,
  userBalance,
  userHolds,
  withdrawalFeeIncome,
  withdrawalsInTransit,
} from './chart.ts'
export { executeTransfers, postTransfers } from './commands.ts'
export type { Facts as LedgerFacts } from './decide.ts'
export { type AccountStatement, balanceAt, statement } from './history/statement.ts'
export {
  accountHistory,
  type HistoryLine,
  pageMax,
  recentTransfers,
  transfersOf,
} from './history/store.ts'
export {
  type AccountFilter,
  type AccountId,
  type AccountTotal,
  accountBalances,
  balancesAt,
  type TrialBalance,
  trialBalance,
} from './history/sums-store.ts'
export { checkLedger, type Finding } from './quick-verify.ts'
export { type Reason, reasons, reasonTitles } from './reasons.ts'
export { spendable } from './spendable.ts'
export { type LedgerNeeds, lockLedger } from './store.ts'
export {
  type Account,
  type AccountAfter,
  type AccountRef,
  accountFlags,
  type Balances,
  type PlainTransfer,
  type Settling,
  type Transfer,
  type TransferCommand,
  type TransferKind,
  type TransferRefusal,
  type TransferResult,
} from './transfer.ts'
export { type Unit, unitOf } from './unit.ts'
export { type Invariant, invariant, ledgerInvariants } from './verify.ts'
export { watchAccount } from './watch.ts'
