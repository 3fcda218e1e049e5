/** What a wallet's owner sees of its balance over time: the front door. */
export { hanFont } from './han-font.ts'
export type { Counterparty, Line, LineFilter } from './line.ts'
export {
  createWalletStatements,
  fileLinesMax,
  pageMax,
  type Span,
  type WalletStatements,
} from './statements.ts'
export { walletLimitInvariants } from './verify.ts'
export { amountText, counterpartyText, kindText } from './words.ts'
