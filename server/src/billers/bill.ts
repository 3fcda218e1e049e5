/**
 * A bill of somebody else (代缴费): water, power, gas, a telephone, paid from a wallet.
 *
 *     inquired ──▶ writing_off ──▶ written_off            paid for, and the biller has it
 *       │              │  │ └──────────────┴─────────▶ refunded
 *       │              │  └─▶ write_off_unknown ──▶ written_off | refunded
 *       └─▶ lapsed     │              │
 *                      └─▶ refunding ◀┘   ──▶ written_off | refunded
 *
 * The money leaves the balance in the transaction that makes it `writing_off`, so there is no "paying" that
 * anybody could see. It comes back when the biller has said that it was not written off, or its daily file
 * shows it; until then it stays where it is. `refunding` asks the biller to take the payment back, which also
 * keeps a lost one from arriving later. What was written off is given back by people alone, when the biller turns
 * out not to have it.
 */
import type { Amount, BusinessDate, Msisdn } from '../kernel/index.ts'
import type { BillerRefusal, BillItem } from './biller.ts'

export type State =
  | 'inquired'
  | 'lapsed'
  | 'writing_off'
  | 'write_off_unknown'
  | 'written_off'
  | 'refunding'
  | 'refunded'

export const first = ['inquired'] as const satisfies readonly State[]

/** The only edges there are; a state without a row is final. */
export const next = {
  inquired: ['writing_off', 'lapsed'],
  writing_off: ['written_off', 'write_off_unknown', 'refunding', 'refunded'],
  write_off_unknown: ['written_off', 'refunding', 'refunded'],
  refunding: ['written_off', 'refunded'],
  written_off: ['refunded'],
} as const satisfies Partial<Record<State, readonly State[]>>

/** Paid for, and nobody knows yet how it ends. */
export const undecided = [
  'writing_off',
  'write_off_unknown',
  'refunding',
] as const satisfies readonly State[]

export const isUndecided = ({ state }: Pick<Bill, 'state'>): boolean =>
  (undecided as readonly State[]).includes(state)

/** The money has left the balance and not come back. */
export const isPaid = ({ state }: Pick<Bill, 'state'>): boolean =>
  state === 'written_off' || (undecided as readonly State[]).includes(state)

export type Channel = 'sms' | 'web' | 'api' | 'counter'

/** Why it was given back: the biller's no, or what takes its place. */
export type EndReason = BillerRefusal | 'away' | 'taken_back' | 'not_in_file'

export interface Bill {
  /** Also the payment's number at the biller, and the id of its line in the ledger. */
  readonly id: string
  readonly bucket: number
  readonly walletId: string
  readonly msisdn: Msisdn
  /** The caller's name for the payment, unique for the number for ever. */
  readonly key: string | null
  readonly state: State
  readonly biller: string
  readonly nameZh: string
  readonly nameEn: string
  readonly accountNo: string
  /** Masked by the biller; null where it does not say. */
  readonly holder: string | null
  /** The biller's name for what is due. */
  readonly billNo: string
  /** What is due, part by part. */
  readonly items: readonly BillItem[]
  readonly due: Amount
  /** What may be paid; a fixed bill has both alike. */
  readonly min: Amount
  readonly max: Amount
  readonly amount: Amount | null
  readonly channel: Channel | null
  /** How often the biller could not be reached at all. */
  readonly unsent: number
  readonly reason: EndReason | null
  readonly receiptNo: string | null
  /** The biller's day on which it was written off. */
  readonly billerDate: BusinessDate | null
  /** The biller's day with which it was paid over. */
  readonly paidOverOn: BusinessDate | null
  readonly inquiredAt: number
  readonly validUntil: number
  readonly paidAt: number | null
  readonly unknownSince: number | null
  readonly endedAt: number | null
  /** When it left the balance. */
  readonly businessDate: BusinessDate | null
}

/** How long what the biller said is good for. */
export const validMs = 10 * 60_000
