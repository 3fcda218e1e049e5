/** How many transfers left a wallet in a day, under the lock of its number. */
import type { BusinessTime } from '../kernel/index.ts'
import type { CounterKey } from '../risk/index.ts'
import type { Purse } from '../wallet/index.ts'

export const transferCount = (
  time: BusinessTime,
  { bucket, walletId }: Pick<Purse, 'bucket' | 'walletId'>,
  at: number,
): CounterKey => ({
  bucket,
  subject: `wallet-transfers:${walletId}`,
  period: `D${time.dateOf(at)}`,
})
