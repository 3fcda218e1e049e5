/**
 * What the operator may change of a wallet: which ways are shut, and its class. In the transaction of whoever
 * writes down who did it. What was used of the limits stays used.
 */
import type { Tx } from '../db/index.ts'
import { accept, bucketOfId, type Result, refuse } from '../kernel/index.ts'
import { lockSubscribers } from '../subscribers/index.ts'
import type { Account, AccountClass, Frozen } from './account.ts'
import type { Owners } from './ports.ts'
import type { KeptAccount } from './rows.ts'
import { accountsByIds, history, saveAccounts } from './store.ts'

export type RestrictRefusal =
  | 'wallet_not_found'
  | 'wallet_closed'
  | 'level_too_low'
  | 'class_cannot_fall'

export type Restriction =
  | { readonly walletId: string; readonly frozen: Frozen }
  | { readonly walletId: string; readonly class: AccountClass }

export interface Restricted {
  readonly before: Account
  readonly after: Account
}

export async function restrictAccount(
  tx: Tx,
  owners: Owners,
  restriction: Restriction,
  now: number,
): Promise<Result<Restricted, RestrictRefusal>> {
  const { walletId } = restriction
  const [found] = bucketOfId(walletId) === undefined ? [] : await accountsByIds(tx, [walletId])
  if (!found) return refuse('wallet_not_found')
  await lockSubscribers(tx, [found.msisdn], now)
  // Read again: until the number was locked somebody else could change it.
  const [before] = await accountsByIds(tx, [walletId])
  if (!before) return refuse('wallet_not_found')
  if (before.state === 'closed') return refuse('wallet_closed')
  if ('frozen' in restriction) {
    const after = { ...before, frozen: restriction.frozen }
    return accept({ before, after: write(tx, before, after, 'frozen', now) })
  }
  // What it used for ever is not counted above class I, so that nobody goes back to it.
  if (restriction.class === 'I' && before.class !== 'I') return refuse('class_cannot_fall')
  // The number may have another owner by now, who says nothing of this one.
  const [owner] = before.releasedAt === null ? await owners.read(tx, [before.msisdn]) : []
  const isVerified = owner?.identityId === before.identityId && owner.level === 'verified'
  if (restriction.class !== 'I' && !isVerified) return refuse('level_too_low')
  const after = { ...before, class: restriction.class }
  return accept({ before, after: write(tx, before, after, 'classed', now) })
}

/** What is as it was is no step. */
function write(
  tx: Tx,
  before: KeptAccount,
  wanted: KeptAccount,
  type: string,
  at: number,
): KeptAccount {
  if (wanted.frozen === before.frozen && wanted.class === before.class) return before
  const after = { ...wanted, version: before.version + 1 }
  const { bucket, id: subject, version: seq, state } = after
  saveAccounts(tx, { made: [], changed: [after] })
  history.save(tx, [{ bucket, subject, seq, type, state, at }])
  return after
}
