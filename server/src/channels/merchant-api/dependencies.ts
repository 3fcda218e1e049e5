/** What the merchant API needs from outside. */
import type { Database } from '../../db/index.ts'
import type { BusinessTime, Clock } from '../../kernel/index.ts'
import type { ApiKeyVerifier, Catalogue } from '../../merchants/index.ts'
import type { Payments } from '../../payments/index.ts'
import type { Checkouts } from '../checkout/index.ts'

export interface MerchantApi {
  readonly db: Database
  readonly clock: Clock
  readonly time: BusinessTime
  readonly payments: Payments
  readonly catalogue: Catalogue
  readonly checkouts: Checkouts
  readonly verifyKey: ApiKeyVerifier
}
