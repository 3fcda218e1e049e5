/** What the merchant API needs from outside. */
import type { Database } from '../../db/index.ts'
import type { BusinessTime, Clock, Msisdn } from '../../kernel/index.ts'
import type { Catalogue } from '../../merchants/index.ts'
import type { CardTerms, Payments } from '../../payments/index.ts'
import type { Scans } from '../../scans/index.ts'
import type { Checkouts } from '../checkout/index.ts'
import type { Door } from './caller.ts'

export interface MerchantApi extends Door {
  readonly db: Database
  readonly clock: Clock
  readonly time: BusinessTime
  readonly payments: Payments
  readonly catalogue: Catalogue
  readonly checkouts: Checkouts
  readonly scans: Scans
  /** Where this server is reached from outside. */
  readonly origin: string
  /** Numbers of the sandbox, which pay with nothing. */
  readonly isTestNumber: (msisdn: Msisdn) => boolean
  /** The card that pays first for a number, with what it may pay now; null when none can. */
  readonly cardOf: (msisdn: Msisdn) => Promise<CardTerms | null>
}
