/** Merchants, what they sell, and their keys to the API (M-1). Money in fen, rates in 1/100 percent. */
import type { Amount } from '../kernel/index.ts'

export type MerchantName = Readonly<Record<'zh' | 'en', string>>

export interface Merchant {
  /** Four digits: the merchant's part of `106580088` + M4. */
  readonly id: string
  readonly name: MerchantName
  /** For people, without scheme: `stargames.example`. */
  readonly site: string
  readonly helpTel: string
  readonly status: 'applied' | 'test' | 'on' | 'paused' | 'closed'
  readonly feeRate: number
  readonly carrierShare: number
  readonly settlementPeriod: 'day' | 'week' | 'month'
  readonly dailyCap: Amount
  readonly refundDays: number
  readonly directCharge: boolean
  /** Sells any amount within these bounds (open_amount 任意金额), or null. */
  readonly openAmount: {
    readonly min: Amount
    readonly max: Amount
    readonly step: Amount
    readonly goods: MerchantName
    readonly delivery: 'none' | 'notify'
  } | null
}

export interface Product {
  readonly merchantId: string
  /** Three digits; by convention the price in jiao. */
  readonly code: string
  /** A changed price or name makes a new version; a pending purchase keeps the one it showed. */
  readonly version: number
  readonly kind: 'per_use' | 'topup'
  readonly name: MerchantName
  readonly price: Amount
  readonly delivery: 'none' | 'notify'
  readonly status: 'draft' | 'test' | 'on' | 'paused' | 'off'
  readonly keywords: readonly string[]
  /** Regular expression an account must match (whole), or null when none is asked. */
  readonly accountPattern: string | null
  /** Empty: everywhere, every brand. */
  readonly regions: readonly string[]
  readonly brands: readonly string[]
  readonly validFrom: number | null
  readonly validTo: number | null
}

export interface ApiClient {
  readonly id: string
  readonly merchantId: string
  readonly name: string
  /** SHA-256 of the secret, hex; the secret is shown once and not kept. */
  readonly secretHash: string
  readonly scopes: readonly string[]
  readonly grantTypes: readonly string[]
  readonly redirectUris: readonly string[]
  readonly tokenSeconds: number
  /** Test mode: its payments go to the sandbox's numbers only. */
  readonly test: boolean
  readonly revokedAt: number | null
}

/** The catalogue as one process sees it: answered from memory, at most a second old. */
export interface Catalogue {
  merchant(id: string): Merchant | undefined
  /** The newest version of a product. */
  product(merchantId: string, code: string): Product | undefined
  /** By three-digit code or keyword, upper case. */
  productByWord(merchantId: string, word: string): Product | undefined
  productsOf(merchantId: string): readonly Product[]
  merchants(): readonly Merchant[]
  client(id: string): ApiClient | undefined
}
