/**
 * Opening a wallet, and its leaving a number: in the transaction of whoever enrols a customer or ends a
 * number, because it goes with an identity, a PIN and bindings, all or nothing.
 */
import type { Tx } from '../db/index.ts'
import { accept, bucketOf, type Ids, type Msisdn, type Result, refuse } from '../kernel/index.ts'
import { lockLedger, spendable, userBalance } from '../ledger/index.ts'
import { lockSubscribers } from '../subscribers/index.ts'
import { type Account, nextOfAccount } from './account.ts'
import type { Followers, Owners } from './ports.ts'
import type { KeptAccount } from './rows.ts'
import { accountsOf, history, openMovements, saveAccounts } from './store.ts'
import type { Opening, OpenRefusal } from './wallet.ts'

interface Opener {
  readonly owners: Owners
  readonly followers: Followers
  readonly ids: Ids
}

export async function openAccount(
  tx: Tx,
  { owners, followers, ids }: Opener,
  { msisdn, class: wanted }: Opening,
  now: number,
): Promise<Result<Account, OpenRefusal>> {
  const line = (await lockSubscribers(tx, [msisdn], now)).get(msisdn)
  if (line?.status !== 'active') return refuse('line_not_active')
  const [[owner], [existing]] = await Promise.all([
    owners.read(tx, [msisdn]),
    accountsOf(tx, [msisdn]),
  ])
  if (!owner) return refuse('identity_needed')
  if (wanted !== 'I' && owner.level !== 'verified') return refuse('level_too_low')
  if (existing) return refuse('already_open')
  const bucket = bucketOf(msisdn)
  const account: KeptAccount = {
    ...{ id: ids.next(bucket, now), bucket, version: 1, msisdn, identityId: owner.identityId },
    ...{
      class: wanted,
      state: 'open',
      frozen: 'none',
      openedAt: now,
      closedAt: null,
      releasedAt: null,
    },
  }
  write(tx, { made: [account], changed: [] }, 'opened', now)
  await followers.opened(tx, account)
  return accept(account)
}

/** Empty, it is closed. Else it waits for its money to go where its owner wants it, without the number. */
export async function releaseAccount(
  tx: Tx,
  { followers }: Pick<Opener, 'followers'>,
  msisdn: Msisdn,
  now: number,
): Promise<void> {
  await lockSubscribers(tx, [msisdn], now)
  const [account] = await accountsOf(tx, [msisdn])
  if (!account) return
  const { id, bucket, state, version } = account
  const balance = userBalance(bucket, id)
  const [open, tied, ledger] = await Promise.all([
    openMovements(tx, [id]),
    followers.tied(tx, [id]),
    lockLedger(tx, { accounts: [balance], pendings: [] }),
  ])
  const left = spendable(ledger.accounts.get(bucket, balance.name))
  const isEmpty = open.length === 0 && tied.size === 0 && left === 0n
  const to = isEmpty ? 'closed' : 'closing'
  // From closing to closing is no step: it goes on waiting.
  if (to !== state && !nextOfAccount[state].includes(to)) throw new Error(`no edge to ${to}`)
  const closedAt = isEmpty ? now : null
  const released: KeptAccount = {
    ...{ ...account, state: to, closedAt, releasedAt: now, version: version + 1 },
  }
  write(tx, { made: [], changed: [released] }, 'released', now)
  followers.ended(tx, [released])
}

function write(
  tx: Tx,
  accounts: { readonly made: readonly KeptAccount[]; readonly changed: readonly KeptAccount[] },
  type: string,
  at: number,
): void {
  saveAccounts(tx, accounts)
  history.save(
    tx,
    [...accounts.made, ...accounts.changed].map(({ bucket, id: subject, version: seq, state }) => ({
      ...{ bucket, subject, seq, type, state, at },
    })),
  )
}
