/** Wallets as those see them who let money leave or come in: read after the numbers are locked. */
import type { Reader } from '../db/index.ts'
import type { Msisdn } from '../kernel/index.ts'
import type { Account } from './account.ts'
import { accountsByIds, accountsOf } from './store.ts'

export interface Purse
  extends Pick<
    Account,
    'bucket' | 'msisdn' | 'identityId' | 'class' | 'state' | 'frozen' | 'openedAt' | 'releasedAt'
  > {
  readonly walletId: string
}

export interface PurseNames {
  /** Those that are found by these numbers. */
  readonly numbers?: readonly Msisdn[]
  readonly walletIds?: readonly string[]
}

export async function readPurses(
  reader: Reader,
  { numbers = [], walletIds = [] }: PurseNames,
): Promise<Purse[]> {
  const [ofNumbers, byIds] = await Promise.all([
    accountsOf(reader, numbers),
    accountsByIds(reader, walletIds),
  ])
  const distinct = new Map([...ofNumbers, ...byIds].map((account) => [account.id, account]))
  return [...distinct.values()].map(purseOf)
}

export const purseOf = (account: Account): Purse => ({
  walletId: account.id,
  bucket: account.bucket,
  msisdn: account.msisdn,
  identityId: account.identityId,
  class: account.class,
  state: account.state,
  frozen: account.frozen,
  openedAt: account.openedAt,
  releasedAt: account.releasedAt,
})
