/** Everything that can happen to a wallet, as data: the commands of the wallet's lane. */
import type { Msisdn } from '../kernel/index.ts'
import type { Answered, BankOutcome } from './decide/answer.ts'
import type {
  CardTransfer,
  Cash,
  CloseResult,
  Closing,
  MoveResult,
  Repayment,
  TopUp,
  Withdrawal,
} from './wallet.ts'

/** The id that the movement will have, if there comes to be one. */
interface Placing {
  readonly movementId: string
}

export type PlacedTopUp = Omit<TopUp, 'pin'> & Placing & { readonly sealedPin: string | null }
export type PlacedWithdrawal = Withdrawal & Placing
export type PlacedRepayment = Omit<Repayment, 'pin'> &
  Placing & {
    /** The id of its top-up, if it needs one, and that one's PIN. */
    readonly topUpId: string
    readonly sealedPin: string | null
  }
export type PlacedCardTransfer = Omit<CardTransfer, 'name'> &
  Placing & { readonly sealedPayee: string }
export type PlacedCash = Cash & Placing
export type PlacedClosing = Closing & Placing

/** The number is locked, so that its commands run one after the other. */
export type Command = { readonly msisdn: Msisdn } & (
  | { readonly kind: 'top_up'; readonly order: PlacedTopUp }
  | { readonly kind: 'withdrawal'; readonly order: PlacedWithdrawal }
  | { readonly kind: 'repayment'; readonly order: PlacedRepayment }
  | { readonly kind: 'card_transfer'; readonly order: PlacedCardTransfer }
  | { readonly kind: 'cash_in' | 'cash_out'; readonly order: PlacedCash }
  | { readonly kind: 'close'; readonly order: PlacedClosing }
  | {
      readonly kind: 'bank_answered'
      readonly movementId: string
      readonly walletId: string
      readonly outcome: BankOutcome
      readonly attempt: number
      /** A repayment waits for it, which may leave the wallet then. */
      readonly isFunding?: boolean
      /** When it was asked for, where its room in the limits may come back. */
      readonly countedAt?: number
    }
)

export type CommandResult =
  | { readonly kind: 'move'; readonly result: MoveResult }
  | { readonly kind: 'close'; readonly result: CloseResult }
  | { readonly kind: 'bank_answered'; readonly result: Answered | null }
