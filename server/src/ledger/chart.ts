/**
 * The chart of accounts (会计科目). A name is `<kind>:<owner>`, or the kind alone when there is one
 * owner. Each account exists once in every bucket that needs it: what a carrier owes us is the sum
 * of `carrier-receivable:<carrier>` over all buckets. Amounts are in CNY; accounts whose kind begins with
 * `points-` count points (积分), and nothing goes from the one to the other.
 *
 *     charged            debit carrier-receivable   credit merchant-pending
 *     settled            debit merchant-pending     credit merchant-payable
 *     refunded           debit merchant-pending     credit carrier-receivable
 *       after the close  debit merchant-payable     credit carrier-refunds-due
 *     charged to a card  debit bank-clearing        credit merchant-pending
 *     paid from a wallet debit user-balance         credit merchant-pending, and back when refunded
 *     charged too late   debit carrier-receivable   credit carrier-suspense
 *     fee                debit merchant-payable     credit platform-fee-income
 *     topped up          debit bank-clearing          credit user-balance
 *     withdrawal asked   debit user-balance           credit withdrawals-in-transit
 *       its fee          debit user-balance           credit withdrawal-fee-income
 *       paid             debit withdrawals-in-transit credit bank-clearing
 *       returned         debit withdrawals-in-transit credit user-balance, and the fee back
 *     a bill repaid      the same four as a withdrawal, with reasons of their own
 *     cash in            debit counter-cash           credit user-balance; cash out the other way
 *     cash banked        debit reserve                credit counter-cash
 *     till over          debit counter-cash           credit till-suspense; short the other way
 *     bank has more      debit bank-clearing          credit bank-long-suspense
 *       identified       debit bank-long-suspense     credit user-balance
 *     bank has less      debit bank-short-suspense    credit bank-clearing
 *       covered          debit bank-clearing          credit own-bank
 *     transferred        debit user-balance           credit user-balance of another
 *       delayed          debit user-balance           credit user-holds; then to the other, or back
 *       no wallet yet    debit user-balance           credit unclaimed-transfers; the same
 *     red packet         debit user-balance           credit red-packets; then its parts, the rest back
 *     voucher sold       debit top-up-voucher-receivable credit top-up-voucher-float; back when it ends unused
 *       used             debit top-up-voucher-float credit user-balance
 *     bill paid          debit user-balance           credit biller-payable; back when it was not written off
 *       paid over        debit biller-payable         credit bank-clearing
 *       covered          debit biller-suspense        credit own-bank
 *     points earned      debit points-issued          credit points-balance; spent, expired, taken back the other way
 *     between buckets    debit …, credit between-buckets in the one (`between-buckets.ts`),
 *                        debit between-buckets, credit … in the other
 *
 * A charge or a top-up whose outcome is not known yet is its line as a pending transfer.
 */
import { type AccountKind, kinds, type Side, type Title } from './account-kinds.ts'
import type { AccountRef } from './transfer.ts'

const account = (bucket: number, kind: AccountKind, owner?: string): AccountRef => ({
  bucket,
  name: owner === undefined ? kind : `${kind}:${owner}`,
  flags: kinds[kind].flags,
})

/** What a carrier has charged for us and not yet paid. */
export const carrierReceivable = (bucket: number, carrier: string): AccountRef =>
  account(bucket, 'carrier-receivable', carrier)

/** Money that the carrier and we see differently. */
export const carrierSuspense = (bucket: number, carrier: string): AccountRef =>
  account(bucket, 'carrier-suspense', carrier)

/** What a bank owes us for cards, or we owe it. */
export const bankClearing = (bucket: number, bank: string): AccountRef =>
  account(bucket, 'bank-clearing', bank)

/** Refunds the carrier made after it closed the month, which we owe it. */
export const carrierRefundsDue = (bucket: number, carrier: string): AccountRef =>
  account(bucket, 'carrier-refunds-due', carrier)

/** A merchant's sales whose settlement date has not come. */
export const merchantPending = (bucket: number, merchantId: string): AccountRef =>
  account(bucket, 'merchant-pending', merchantId)

/** What we owe a merchant now. */
export const merchantPayable = (bucket: number, merchantId: string): AccountRef =>
  account(bucket, 'merchant-payable', merchantId)

/** What the platform has earned. */
export const platformFeeIncome = (bucket: number): AccountRef =>
  account(bucket, 'platform-fee-income')

/** What a customer has in the wallet. */
export const userBalance = (bucket: number, walletId: string): AccountRef =>
  account(bucket, 'user-balance', walletId)

/** What a wallet has sent and can still take back. */
export const userHolds = (bucket: number, walletId: string): AccountRef =>
  account(bucket, 'user-holds', walletId)

/** In the bucket of who sent it. */
export const unclaimedTransfers = (bucket: number): AccountRef =>
  account(bucket, 'unclaimed-transfers')

/** In the bucket of who sent them. */
export const redPackets = (bucket: number): AccountRef => account(bucket, 'red-packets')

/** What numbers of this bucket have paid for bills of a biller. */
export const billerPayable = (bucket: number, biller: string): AccountRef =>
  account(bucket, 'biller-payable', biller)

/** What own money has paid to a biller for customers. */
export const billerSuspense = (bucket: number, biller: string): AccountRef =>
  account(bucket, 'biller-suspense', biller)

/** What a seller owes for vouchers whose codes live in this bucket. */
export const topUpVoucherReceivable = (bucket: number, seller: string): AccountRef =>
  account(bucket, 'top-up-voucher-receivable', seller)

export const topUpVoucherFloat = (bucket: number, batchId: string): AccountRef =>
  account(bucket, 'top-up-voucher-float', batchId)

/** Withdrawals that left a balance and have not arrived for certain. */
export const withdrawalsInTransit = (bucket: number, bank: string): AccountRef =>
  account(bucket, 'withdrawals-in-transit', bank)

export const withdrawalFeeIncome = (bucket: number): AccountRef =>
  account(bucket, 'withdrawal-fee-income')

/** Cash that a till took for numbers of this bucket, less what it gave out. */
export const counterCash = (bucket: number, till: string): AccountRef =>
  account(bucket, 'counter-cash', till)

/** Customers' money that lies in central custody. */
export const reserve = (bucket: number): AccountRef => account(bucket, 'reserve')

/** What a till had too much or too little when it was closed. */
export const tillSuspense = (bucket: number, till: string): AccountRef =>
  account(bucket, 'till-suspense', till)

/** What a bank has too much of by our books. */
export const bankLongSuspense = (bucket: number, bank: string): AccountRef =>
  account(bucket, 'bank-long-suspense', bank)

/** What a bank has too little of by our books. */
export const bankShortSuspense = (bucket: number, bank: string): AccountRef =>
  account(bucket, 'bank-short-suspense', bank)

export const ownBank = (bucket: number): AccountRef => account(bucket, 'own-bank')

export const pointsBalance = (bucket: number, walletId: string): AccountRef =>
  account(bucket, 'points-balance', walletId)

export const pointsIssued = (bucket: number): AccountRef => account(bucket, 'points-issued')

/** What this bucket has to get from the other one, or owes it. */
export const betweenBuckets = (bucket: number, other: number): AccountRef =>
  account(bucket, 'between-buckets', String(other))

export interface AccountName {
  readonly kind: AccountKind
  readonly owner: string | null
  readonly title: Title
  readonly side: Side
}

/** Reads an account's name; undefined when it is not of this chart. */
export function parseAccountName(name: string): AccountName | undefined {
  const colon = name.indexOf(':')
  const kind = colon < 0 ? name : name.slice(0, colon)
  if (!isKind(kind)) return undefined
  const { title, side } = kinds[kind]
  return { kind, owner: colon < 0 ? null : name.slice(colon + 1), title, side }
}

const isKind = (kind: string): kind is AccountKind => Object.hasOwn(kinds, kind)
