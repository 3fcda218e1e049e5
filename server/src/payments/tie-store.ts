/** Wallets to which money of sales may still come back by itself: their goods are on the way. */
import { int8s, type Reader, type Statement, uuids } from '../db/index.ts'
import { bucketOfId } from '../kernel/index.ts'

const statement: Statement = {
  name: 'payment.wallets_of_open_sales',
  text: `select k.id from unnest($1::int2[], $2::uuid[]) as k (bucket, id)
    where exists (
      select from payment p where p.bucket = k.bucket and p.wallet_id = k.id
        and p.state in ('delivering', 'delivery_unknown'))`,
}

export async function walletsOfOpenSales(
  reader: Reader,
  walletIds: readonly string[],
): Promise<string[]> {
  if (walletIds.length === 0) return []
  const buckets = int8s(walletIds.map((id) => bucketOfId(id) ?? -1))
  const rows = await reader.query<{ id: string }>(statement, [buckets, uuids(walletIds)])
  return rows.map(({ id }) => id)
}
