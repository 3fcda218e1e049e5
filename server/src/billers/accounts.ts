/** Accounts that are kept and reminded of: small transactions of their own, under the lock of the number. */
import { armJobs, cancelJobs } from '../db/index.ts'
import { bucketOf } from '../kernel/index.ts'
import { lockSubscribers } from '../subscribers/index.ts'
import { readPurses } from '../wallet/index.ts'
import { accountsMax, type BillAccount } from './account.ts'
import type { Billers } from './billers.ts'
import { isLive } from './book.ts'
import { refused } from './decide/checks.ts'
import { checkTexts, isId, type Lane, newIdFor } from './lane.ts'
import { nextReminder } from './reminder.ts'
import { accountsOfWallet, dropAccounts, tables } from './store.ts'
import { topics } from './topics.ts'

type Accounts = Pick<Billers, 'keep' | 'forget' | 'accounts'>

export function accountDoor(lane: Lane): Accounts {
  const { db, clock, context, billers } = lane
  const timerOf = ({ bucket, id }: BillAccount) => ({
    ...{ bucket, topic: topics.reminder, subject: id },
  })
  return {
    async keep({ msisdn, biller, accountNo, label, remindDay }) {
      checkTexts(label)
      const facts = billers.get(biller)?.facts
      if (!facts) return refused('biller_unknown')
      if (!facts.account.pattern.test(accountNo)) return refused('account_malformed')
      return db.transact(async (tx) => {
        const now = clock.now()
        await lockSubscribers(tx, [msisdn], now)
        const purse = (await readPurses(tx, { numbers: [msisdn] })).find(isLive)
        if (!purse) return refused('wallet_not_found')
        const { walletId } = purse
        const all = await accountsOfWallet(tx, walletId)
        const known = all.find((one) => one.biller === biller && one.accountNo === accountNo)
        if (!known && all.length >= accountsMax) return refused('too_many_accounts')
        const fresh = { bucket: bucketOf(msisdn), id: newIdFor(lane, msisdn), keptAt: now }
        const kept: BillAccount = {
          ...(known ?? { ...fresh, walletId, msisdn, biller, accountNo }),
          ...{ label, remindDay },
        }
        tables.account.save(
          tx,
          known ? { made: [], changed: [kept] } : { made: [kept], changed: [] },
        )
        const timer = timerOf(kept)
        if (remindDay === null) cancelJobs(tx, [timer])
        else {
          const dueAt = nextReminder(context.time, now, remindDay)
          armJobs(tx, [{ ...timer, dueAt, payload: {} }])
        }
        return { ok: true, value: kept }
      })
    },
    async forget({ msisdn, accountId }) {
      if (!isId(accountId)) return refused('not_found')
      return db.transact(async (tx) => {
        await lockSubscribers(tx, [msisdn], clock.now())
        const purse = (await readPurses(tx, { numbers: [msisdn] })).find(isLive)
        const [kept] = await tables.account.byIds(tx, [accountId])
        if (!kept || kept.walletId !== purse?.walletId) return refused('not_found')
        dropAccounts(tx, [accountId])
        cancelJobs(tx, [timerOf(kept)])
        return { ok: true, value: kept }
      })
    },
    accounts: async (walletId) => (isId(walletId) ? accountsOfWallet(db, walletId) : []),
  }
}
