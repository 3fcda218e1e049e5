/** Everything that can happen to a bill, as data, with what must be known to decide it. */
import type { Msisdn, Result } from '../kernel/index.ts'
import type { Bill, EndReason } from './bill.ts'
import type { BillerFacts, Due, WrittenOff } from './biller.ts'
import type { Answer, Paid, Payment } from './billers.ts'

/** What the biller, or its daily file, has said of a payment. */
export type Outcome =
  | ({ readonly kind: 'written_off' } & WrittenOff)
  | { readonly kind: 'not_written_off'; readonly reason: EndReason }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'unknown'; readonly detail: string }
  /** Nothing has left. */
  | { readonly kind: 'unsent'; readonly detail: string }

export interface Answered {
  readonly bill: Bill
  /** When the biller must be asked again; null where the lane has seen to it. */
  readonly askAgainAt: number | null
  /** The biller says the opposite of what it said before: somebody must look. */
  readonly isContradiction: boolean
}

interface OfBill {
  readonly msisdn: Msisdn
  readonly walletId: string
  readonly billId: string
}

/** What people have found out with the biller about a payment that its file and we see differently. */
export type Finding =
  | ({ readonly kind: 'received' } & WrittenOff)
  | { readonly kind: 'returned'; readonly reason: Extract<EndReason, 'not_in_file' | 'taken_back'> }

export type FindingRefusal = 'bill_not_paid' | 'bill_paid_over' | 'wallet_not_open'

export type Command =
  | {
      readonly kind: 'inquired'
      readonly msisdn: Msisdn
      readonly billId: string
      readonly facts: BillerFacts
      readonly accountNo: string
      readonly due: Due
    }
  | { readonly kind: 'pay'; readonly msisdn: Msisdn; readonly order: Payment }
  | ({ readonly kind: 'answered'; readonly outcome: Outcome; readonly attempt: number } & OfBill)
  | ({ readonly kind: 'found_out'; readonly finding: Finding } & OfBill)
  | ({ readonly kind: 'lapse' } & OfBill)

export type Kind = Command['kind']

export interface Results {
  readonly inquired: Answer<Bill>
  readonly pay: Answer<Paid>
  readonly answered: Answered | null
  readonly found_out: Result<Bill, FindingRefusal>
  readonly lapse: 'gone' | 'settled'
}
export type CommandResult = Results[Kind]
