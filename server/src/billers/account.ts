/** An account with a biller that a wallet keeps (常用户号), so that it is not typed again, and reminded of. */
import type { Msisdn } from '../kernel/index.ts'

export interface BillAccount {
  readonly id: string
  readonly bucket: number
  readonly walletId: string
  readonly msisdn: Msisdn
  readonly biller: string
  readonly accountNo: string
  readonly label: string
  /** Day of the month on which the biller is asked what is due; null for no reminder. */
  readonly remindDay: number | null
  readonly keptAt: number
}

/** As many are kept by one wallet. */
export const accountsMax = 50

/** All but the end, for texts and lists. */
export const maskedAccount = (accountNo: string): string => `****${accountNo.slice(-4)}`
