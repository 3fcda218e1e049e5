/** What a wallet has withdrawn on the same day, ever: the first of it may be free. */
import { int8s, type Reader, type Statement, uuids } from '../db/index.ts'
import { type Amount, bucketOfId } from '../kernel/index.ts'

const sums: Statement = {
  name: 'wallet_movement.withdrawn',
  text: `select k.wallet_id, m.withdrawn
    from unnest($1::int2[], $2::uuid[]) as k (bucket, wallet_id)
    cross join lateral (
      select coalesce(sum(amount), 0)::int8 as withdrawn from wallet_movement w
      where w.bucket = k.bucket and w.wallet_id = k.wallet_id
        and w.kind = 'withdrawal' and w.speed = 'same_day' and w.state <> 'returned'
    ) m`,
}

interface Row {
  readonly wallet_id: string
  readonly withdrawn: Amount
}

/** By wallet, with what is on its way. To decide by it take the lock of the number first. */
export async function readWithdrawn(
  reader: Reader,
  walletIds: readonly string[],
): Promise<Map<string, Amount>> {
  if (walletIds.length === 0) return new Map()
  const rows = await reader.query<Row>(sums, [
    int8s(walletIds.map((id) => bucketOfId(id) ?? -1)),
    uuids(walletIds),
  ])
  return new Map(rows.map((row) => [row.wallet_id, row.withdrawn]))
}
