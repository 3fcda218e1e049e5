/** Money that comes into a wallet without a movement: what a bank had taken and nobody had booked, or a voucher. */
import { appendJobs, type Tx } from '../db/index.ts'
import type { Amount, BusinessTime, Ids, Msisdn } from '../kernel/index.ts'
import { balancesAt, spendable, userBalance } from '../ledger/index.ts'
import { topics } from '../payments/index.ts'
import { findSubscriber, lockSubscribers } from '../subscribers/index.ts'
import type { Account } from './account.ts'
import { type WalletOutgoing, walletService } from './notice.ts'
import { accountsByIds, accountsOf } from './store.ts'

/** The wallet of a number that money may come into, locked with its number; undefined when there is none. */
export async function lockOpenAccount(
  tx: Tx,
  msisdn: Msisdn,
  now: number,
): Promise<Account | undefined> {
  await lockSubscribers(tx, [msisdn], now)
  const [account] = await accountsOf(tx, [msisdn])
  return account?.state === 'open' ? account : undefined
}

/** The same by its id; undefined too when the number has another wallet by now, or none. */
export async function lockOpenAccountById(
  tx: Tx,
  id: string,
  now: number,
): Promise<Account | undefined> {
  const [known] = await accountsByIds(tx, [id])
  const account = known && (await lockOpenAccount(tx, known.msisdn, now))
  return account?.id === id ? account : undefined
}

/** Before it is posted, in the same transaction; the wallet is locked, so nothing comes between. */
export async function tellCredit(
  tx: Tx,
  { id: walletId, bucket, msisdn }: Account,
  credit: {
    readonly notice: 'wallet_credited' | 'wallet_top_up_voucher'
    readonly amount: Amount
    readonly time: BusinessTime
    readonly ids: Ids
    readonly now: number
  },
): Promise<void> {
  const { notice: id, amount, time, ids, now } = credit
  const held = userBalance(bucket, walletId)
  const before = spendable((await balancesAt(tx, [held])).get(held.name))
  const language = (await findSubscriber(tx, msisdn, now))?.language ?? 'zh'
  const change = {
    ...{ at: time.localOf(now), amount: String(amount), balance: String(before + amount) },
  }
  const payload: WalletOutgoing = {
    ...{ to: msisdn, from: walletService, language, paymentId: null },
    notice: { id, ...change },
  }
  const subject = ids.next(bucket, now)
  appendJobs(tx, [{ bucket, topic: topics.sms, subject, dueAt: now, payload }])
}
