/**
 * What a biller is, and what it is asked: the port that `rails/biller` implements. Every answer is done, refused
 * or unknown; `unsent` is for what has not left us at all.
 */
import type { Amount, BusinessDate } from '../kernel/index.ts'

export const billerKinds = ['water', 'power', 'gas', 'phone', 'top_up'] as const
export type BillerKind = (typeof billerKinds)[number]

export interface BillerFacts {
  readonly code: string
  readonly kind: BillerKind
  readonly name: { readonly zh: string; readonly en: string }
  readonly city: { readonly zh: string; readonly en: string }
  /** What its customers call their number. */
  readonly account: { readonly zh: string; readonly en: string; readonly pattern: RegExp }
  /** Where it is paid over to. */
  readonly bank: string
}

export interface BillItem {
  /** `2026-10`, or what else the biller calls a part of the bill. */
  readonly period: string
  /** In fen, as it stands in rows. */
  readonly amount: string
}

/** What a customer owes, and may pay. */
export interface Due {
  readonly billNo: string
  readonly holder: string | null
  readonly items: readonly BillItem[]
  readonly due: Amount
  readonly min: Amount
  readonly max: Amount
}

export interface WriteOff {
  readonly paymentNo: string
  readonly accountNo: string
  readonly billNo: string
  readonly amount: Amount
  /** After it the biller must not take the payment any more. */
  readonly notAfter: number
}

export interface WrittenOff {
  readonly receiptNo: string
  readonly date: BusinessDate
}

/** In the words of the port; those that end a payment mean that nothing was written off. */
export const billerRefusals = [
  'account_unknown',
  'nothing_due',
  'number_unknown',
  'batch_window',
  'too_late',
  'too_many',
  'last_unfinished',
  'card_not_loaded',
  'bill_changed',
  'refused',
] as const
export type BillerRefusal = (typeof billerRefusals)[number]

export type BillerAnswer<Value> =
  | { readonly outcome: 'done'; readonly value: Value }
  | { readonly outcome: 'refused'; readonly reason: BillerRefusal }
  /** The detail is a word for logs. */
  | { readonly outcome: 'unknown'; readonly detail: string }
  | { readonly outcome: 'unsent'; readonly detail: string }

/** `not_written_off`: the biller knows the payment and did not take it. `not_found` proves nothing. */
export type Standing =
  | ({ readonly state: 'written_off' } & WrittenOff)
  | { readonly state: 'not_written_off' | 'not_found' }

/** `reversed`: it is not written off now and cannot be any more. */
export type Reversal =
  | { readonly state: 'reversed' }
  | ({ readonly state: 'written_off' } & WrittenOff)

export interface FileRow {
  readonly paymentNo: string
  readonly amount: Amount
  readonly receiptNo: string
}

/** A day as the biller has it. */
export interface BillerFile {
  readonly date: BusinessDate
  readonly rows: readonly FileRow[]
}

export interface Biller {
  inquire(accountNo: string): Promise<BillerAnswer<Due>>
  /** Idempotent under its payment number, like all that follow. */
  pay(writeOff: WriteOff): Promise<BillerAnswer<WrittenOff>>
  query(paymentNo: string): Promise<BillerAnswer<Standing>>
  reverse(paymentNo: string): Promise<BillerAnswer<Reversal>>
  /** Null while the biller does not have it yet. */
  file(date: BusinessDate): Promise<BillerAnswer<BillerFile | null>>
}

/** A biller with the way to it. */
export interface Connected extends Biller {
  readonly facts: BillerFacts
}
