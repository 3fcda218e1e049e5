/** What a simulated bank is given, what it is asked, and what it tells. */
import type { Duplex } from 'node:stream'
import type { MessageSpec, Revealing } from '@telepurse/iso8583'
import type { Bill } from './bill.ts'
import type { Entry } from './book.ts'
import type { CalendarOptions } from './calendar.ts'
import type { CardFacts, CardLimits, CardStatus, NewCard } from './card.ts'
import type { DayTotals, FileFault } from './daily-file.ts'
import type { Fault } from './fault.ts'
import type { MacAlgorithm } from './keys.ts'
import type { Otp } from './otp.ts'
import type { Transaction } from './transaction.ts'

export interface BankOptions extends CalendarOptions {
  /** What it is called in paths and files: `first_bank`. */
  readonly code: string
  /** Its institution code, up to eleven digits. */
  readonly institution: string
  /** Field 33 of whoever may talk to it. */
  readonly platform: string
  /** How its card numbers begin. */
  readonly bins: readonly string[]
  /** UnionPay between hosts when absent. */
  readonly spec?: MessageSpec
  /** Sixteen octets, agreed by hand: working keys travel under it. */
  readonly zoneMasterKey: Revealing<Uint8Array>
  /** X9.9 when absent. */
  readonly mac?: MacAlgorithm
  /** `ours`: the platform has checked its own PIN. `bank`: every purchase carries the bank's. */
  readonly pinRule?: 'ours' | 'bank'
  /** Cards that may be bound to one mobile number; 5 when absent. */
  readonly cardsPerNumberMax?: number
  /** What the bank takes of a purchase, in ten-thousandths, half up; 20 when absent. */
  readonly feeRate?: bigint
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number
  /** Does something later; gives what takes it back. Timers of the process when absent. */
  readonly later?: Later
  /** From 0 up to 1, for keys, codes and faults; seeded with 1 when absent. */
  readonly random?: () => number
  /** A file that keeps the books; without it nothing outlives the process. */
  readonly journal?: string
  /** Issued at the start, unless the journal knows them already. */
  readonly cards?: readonly NewCard[]
  /** Called with each code that the bank texts to a customer. */
  readonly onOtp?: (otp: Otp) => void
  /** Without card numbers. */
  readonly log?: (event: string, details: Readonly<Record<string, string | number>>) => void
}

export type Later = (ms: number, act: () => void) => () => void

export type BankRefusal =
  | 'unknown_card'
  | 'card_exists'
  | 'card_number_invalid'
  | 'pin_invalid'
  | 'not_enough_money'
  | 'unknown_credit'
  | 'credit_decided'
  | 'day_not_closed'

export type Verdict<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: BankRefusal }

/** A card as its holder knows it: the secrets are not there. */
export interface CardView {
  readonly card: Omit<CardFacts, 'pinProof' | 'cvn2Proof'>
  readonly balance: bigint
  readonly available: bigint
  readonly bill?: Bill
  readonly agreement?: { readonly mobile: string; readonly agreement: string }
  /** Oldest first. */
  readonly statement: readonly Entry[]
}

export interface CardChange {
  readonly status?: CardStatus
  readonly cardless?: boolean
  readonly mobile?: string
  readonly limits?: CardLimits
  /** A new PIN, as the customer sets it at the bank. */
  readonly pin?: string
}

export interface Bank {
  readonly code: string
  /** Opens the port; 0 takes any free one. */
  listen(options?: { host?: string; port?: number }): Promise<{ host: string; port: number }>
  /** A link in the process instead of one over TCP. Destroyed at once while the bank is away. */
  connect(): Duplex
  close(): Promise<void>

  issue(card: NewCard): Verdict<null>
  changeCard(pan: string, change: CardChange): Verdict<null>
  /** A new card for the account; the old one is refused from now on. */
  replaceCard(pan: string, by: Pick<NewCard, 'pan' | 'expiry' | 'cvn2'>): Verdict<null>
  /** Cash over the bank's own counter; negative takes it out. */
  moveCash(pan: string, amount: bigint): Verdict<null>
  endAgreement(pan: string): Verdict<null>
  card(pan: string): CardView | undefined
  cards(): readonly CardView[]
  /** The last code texted to the holder of a card. */
  otp(pan: string): Otp | undefined

  /** Everything the bank has answered that moves money, oldest first. */
  transactions(): readonly Readonly<Transaction>[]
  /** Credits that were accepted and wait for a decision. */
  undecided(): readonly Readonly<Transaction>[]
  decide(key: string, outcome: 'done' | 'refused'): Verdict<null>

  /** YYYYMMDD. */
  businessDay(): string
  /** The file of a closed day. */
  dailyFile(day: string): Verdict<string>
  /** Makes the file of a day wrong on purpose; undefined makes it right again. */
  distortFile(day: string, fault: FileFault | undefined): void
  totals(day: string): DayTotals
  /** Empty when the bank's own books are right. */
  complaints(): string[]
  /** Balances of the bank's own accounts: `clearing` and `vault`. */
  ownBalances(): { readonly clearing: bigint; readonly vault: bigint }

  /** Adds a fault. `away` closes the port until the faults are cleared. */
  addFault(fault: Fault): Promise<void>
  clearFaults(): Promise<void>
  faults(): readonly Fault[]
  /** Links open now, and whether the platform has signed on. */
  state(): { readonly links: number; readonly signedOn: boolean }
}
