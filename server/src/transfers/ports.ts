/** What transfers need of others besides wallets: the names of people, which are kept sealed. */
import type { Reader } from '../db/index.ts'
import type { Amount, Msisdn, Secret } from '../kernel/index.ts'
import type { PaymentCodes } from '../payment-codes/index.ts'

export interface PayeeName {
  readonly identityId: string
  readonly maskedName: string
  readonly level: 'basic' | 'verified'
}

export interface Names {
  of(reader: Reader, msisdn: Msisdn): Promise<PayeeName | undefined>
  /** Whether this is the character that the masked name leaves out to be asked for. */
  isMissing(reader: Reader, identityId: string, character: Secret): Promise<boolean>
}

export interface PaidPayment {
  readonly amount: Amount
  /** Without what came back of it, or is about to. */
  readonly kept: Amount
}

/** Takes the code that somebody shows, once. */
export type Codes = Pick<PaymentCodes, 'take'>

/** What somebody paid, for a bill that comes from a payment. */
export interface PaidPayments {
  /** Null where there is no such payment of this number, or it was not paid. */
  paidBy(msisdn: Msisdn, paymentId: string): Promise<PaidPayment | null>
}
