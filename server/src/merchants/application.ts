/**
 * The wish to become a merchant (M-1). A refused one stays as it is; who wants to try again applies
 * again.
 *
 *     waiting ── approve ──▶ approved      (a merchant in test mode, with its four digits)
 *        └────── refuse ───▶ refused
 */
import type { MerchantName } from './merchant.ts'

export interface Application {
  readonly id: string
  readonly name: MerchantName
  readonly site: string
  readonly helpTel: string
  /** A mail address or telephone of the person to talk to. */
  readonly contact: string
  readonly status: 'waiting' | 'approved' | 'refused'
  readonly merchantId: string | null
  readonly reason: string | null
  readonly createdAt: number
  readonly decidedAt: number | null
}
