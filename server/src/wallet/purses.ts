/** Wallets as those see them who let money leave or come in: read after the numbers are locked. */
import type { Reader } from '../db/index.ts'
import type { Msisdn } from '../kernel/index.ts'
import type { Account } from './account.ts'
import { accountsByIds, accountsOf } from './store.ts'

export interface Purse
  extends Pick<Account, 'bucket' | 'msisdn' | 'identityId' | 'class' | 'state' | 'releasedAt'> {
  readonly walletId: string
  readonly frozen: 'none' | 'in' | 'out' | 'both'
}

export async function readPurses(
  tx: Reader,
  { numbers = [], walletIds = [] }: { numbers?: readonly Msisdn[]; walletIds?: readonly string[] },
): Promise<Purse[]> {
  const [a, b] = await Promise.all([accountsOf(tx, numbers), accountsByIds(tx, walletIds)])
  return [...new Map([...a, ...b].map((one) => [one.id, one])).values()].map((one) => ({
    ...{ walletId: one.id, bucket: one.bucket, msisdn: one.msisdn, identityId: one.identityId },
    ...{ class: one.class, state: one.state, frozen: 'none', releasedAt: one.releasedAt },
  }))
}
