/** The tables of bills: what is asked of them beyond ids and keys, and their history. */
import type { Record } from '../db/fields.ts'
import type { NewJob, Reader, Statement, Tx } from '../db/index.ts'
import { createTable, idColumns, type Page } from '../db/table-store.ts'
import { bucketOf, bucketOfId, type Msisdn } from '../kernel/index.ts'
import { createHistory } from '../wallet/index.ts'
import type { BillAccount } from './account.ts'
import { accountFields, billFields, type KeptBill } from './rows.ts'
import { topics } from './topics.ts'

export const tables = {
  bill: createTable('biller_bill', billFields),
  account: createTable('biller_account', accountFields),
} as const

/** What happened to a bill. */
export const history = createHistory('biller_bill_event')

const undecidedStates = `('writing_off', 'write_off_unknown', 'refunding')`

const undecidedStatement: Statement = {
  name: 'biller_bill.undecided_of',
  text: `select ${tables.bill.list} from unnest($1::int2[], $2::uuid[]) as k (bucket, wallet_id)
    cross join lateral (
      select * from biller_bill w where w.bucket = k.bucket and w.wallet_id = k.wallet_id
        and w.state in ${undecidedStates} offset 0
    ) t`,
}

/** What these wallets have paid for, and nobody knows yet how it ends. */
export const undecidedOf = async (
  reader: Reader,
  walletIds: readonly string[],
): Promise<KeptBill[]> =>
  walletIds.length === 0
    ? []
    : (await reader.query<Record>(undecidedStatement, idColumns(walletIds))).map(tables.bill.rowOf)

/** Those of these wallets to which money may still come back. */
export async function billedWallets(
  reader: Reader,
  walletIds: readonly string[],
): Promise<Set<string>> {
  return new Set((await undecidedOf(reader, walletIds)).map(({ walletId }) => walletId))
}

const together = 200

/** Those of these ids that are bills, by id. */
export async function billsNamed(
  reader: Reader,
  names: readonly string[],
): Promise<Map<string, KeptBill>> {
  const ids = names.filter((id) => bucketOfId(id) !== undefined)
  const found = new Map<string, KeptBill>()
  for (let from = 0; from < ids.length; from += together)
    for (const bill of await tables.bill.byIds(reader, ids.slice(from, from + together)))
      found.set(bill.id, bill)
  return found
}

/** Paid for, newest first. */
export const billsOfWallet = (reader: Reader, walletId: string, page: Page): Promise<KeptBill[]> =>
  tables.bill.page(
    reader,
    't.bucket = $1 and t.wallet_id = $2 and t.key is not null',
    [bucketOfId(walletId) ?? -1, walletId],
    page,
  )

/** In the order in which they were kept. */
export async function accountsOfWallet(reader: Reader, walletId: string): Promise<BillAccount[]> {
  const rows = await reader.query<Record>(
    {
      name: 'biller_account.of_wallet',
      text: `select ${tables.account.list} from biller_account t
        where t.bucket = $1 and t.wallet_id = $2 order by t.id`,
    },
    [bucketOfId(walletId) ?? -1, walletId],
  )
  return rows.map(tables.account.rowOf)
}

export function dropAccounts(tx: Tx, ids: readonly string[]): void {
  if (ids.length === 0) return
  tx.write(
    {
      name: 'biller_account.drop',
      text: `delete from biller_account t using unnest($1::int2[], $2::uuid[]) as k (bucket, id)
        where t.bucket = k.bucket and t.id = k.id`,
    },
    idColumns(ids),
  )
}

/** What a number that is given up has kept, and the timers of that. */
export async function dropAccountsOf(
  tx: Tx,
  msisdn: Msisdn,
): Promise<Pick<NewJob, 'bucket' | 'topic' | 'subject'>[]> {
  const bucket = bucketOf(msisdn)
  const rows = await tx.query<{ id: string }>(
    {
      name: 'biller_account.drop_of_number',
      text: 'delete from biller_account where bucket = $1 and msisdn = $2 returning id::text as id',
    },
    [bucket, msisdn],
  )
  return rows.map(({ id }) => ({ bucket, topic: topics.reminder, subject: id }))
}

/** Undecided bills of a biller that were paid before an instant. */
export async function undecidedBefore(
  reader: Reader,
  biller: string,
  before: number,
): Promise<KeptBill[]> {
  const rows = await reader.query<Record>(
    {
      name: 'biller_bill.undecided_before',
      text: `select ${tables.bill.list} from biller_bill t
        where t.biller = $1 and t.state in ${undecidedStates} and t.paid_at < $2::int8
        order by t.paid_at, t.id`,
    },
    [biller, before],
  )
  return rows.map(tables.bill.rowOf)
}
