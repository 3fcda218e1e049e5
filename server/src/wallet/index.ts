/** Money kept for a number: the front door. */
export type { Account, AccountClass, AccountState } from './account.ts'
export {
  createWallet,
  type WalletModule,
  type WalletOptions,
  walletKeys,
} from './create-wallet.ts'
export { lockOpenAccount, lockOpenAccountById, tellCredit } from './credit.ts'
export { cardFee } from './fee.ts'
export { createHistory, type HistoryEvent } from './history-store.ts'
export { type HistoryRules, historyInvariants } from './history-verify.ts'
export {
  countedKeys,
  countedPeriods,
  inRefusal,
  isFrozen,
  type OutFacts,
  type OutReason,
  type OutRefusal,
  outLimit,
  outRefusal,
  type Used,
  type UsedKeys,
  usedKeys,
} from './limits.ts'
export type { Channel, EndReason, Kind, Movement, Speed, State } from './movement.ts'
export { payeeMax, type WalletNotice, type WalletOutgoing, walletService } from './notice.ts'
export type {
  BoundCard,
  BoundCards,
  Followers,
  Owner,
  Owners,
  WalletOperations,
} from './ports.ts'
export { type Purse, readPurses } from './purses.ts'
export { readRepaid } from './repaid-store.ts'
export { holdAsked } from './restore-store.ts'
export type { Restricted, Restriction, RestrictRefusal } from './restrict.ts'
export { readSources, walletsFirst } from './setting-store.ts'
export { usualSources } from './sources.ts'
export { giveRoomBack, openPurse, spendingRefusal, takeRoom } from './spending.ts'
export { awaitsCard, frozenOutOf, history } from './store.ts'
export { topics } from './topics.ts'
export { walletInvariants } from './verify.ts'
export type {
  Balance,
  Cash,
  CloseRefusal,
  CloseResult,
  Closing,
  Detail,
  MovementFilter,
  MoveResult,
  Opening,
  OpenRefusal,
  Placed,
  Refusal,
  Repayment,
  ResolveRefusal,
  TopUp,
  Wallet,
  Withdrawal,
} from './wallet.ts'
export { filled, type Said, spendingWords, type Words, walletWords } from './words.ts'
