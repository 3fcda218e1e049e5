/** The table `wallet_setting`: all its SQL. */
import { int8s, type Reader, type Statement, type Tx, texts, uuids } from '../db/index.ts'
import { bucketOf, bucketOfId, type Msisdn } from '../kernel/index.ts'
import type { Source } from '../payments/index.ts'
import { isOrder, usualSources } from './sources.ts'

const readStatement: Statement = {
  name: 'wallet_setting.read',
  text: `select w.wallet_id, w.sources from unnest($1::int2[], $2::uuid[]) as u (bucket, id)
    cross join lateral (
      select * from wallet_setting where bucket = u.bucket and wallet_id = u.id offset 0
    ) w`,
}
const saveStatement: Statement = {
  name: 'wallet_setting.save',
  text: `insert into wallet_setting (bucket, wallet_id, sources) values ($1, $2, $3)
    on conflict (bucket, wallet_id) do update set sources = excluded.sources`,
}

/** By wallet; the usual order for one that has none of its own. */
export async function readSources(
  reader: Reader,
  walletIds: readonly string[],
): Promise<(walletId: string) => readonly Source[]> {
  const known = walletIds.filter((id) => bucketOfId(id) !== undefined)
  const rows =
    known.length === 0
      ? []
      : await reader.query<{ wallet_id: string; sources: string }>(readStatement, [
          int8s(known.map((id) => bucketOfId(id) ?? -1)),
          uuids(known),
        ])
  const kept = new Map(rows.map((row) => [row.wallet_id, row.sources]))
  return (walletId) => orderIn(kept.get(walletId) ?? null)
}

function orderIn(kept: string | null): readonly Source[] {
  const order = kept?.split(' ') ?? []
  // Another version of the program may know other sources.
  return isOrder(order) ? order : usualSources
}

/** Of these numbers those with an open wallet that its owner pays from first. */
export async function walletsFirst(
  reader: Reader,
  msisdns: readonly Msisdn[],
): Promise<ReadonlySet<Msisdn>> {
  const numbers = [int8s(msisdns.map(bucketOf)), texts(msisdns)]
  const rows = await reader.query<{ readonly msisdn: Msisdn; readonly sources: string | null }>(
    openStatement,
    numbers,
  )
  const first = rows.filter(({ sources }) => orderIn(sources)[0] === 'wallet')
  return new Set(first.map(({ msisdn }) => msisdn))
}

const openStatement: Statement = {
  name: 'wallet_setting.of_open',
  text: `select w.msisdn, s.sources from unnest($1::int2[], $2::text[]) as k (bucket, msisdn)
    cross join lateral (
      select bucket, id, msisdn from wallet_account
      where bucket = k.bucket and msisdn = k.msisdn and state = 'open' and released_at is null offset 0
    ) w
    left join lateral (
      select sources from wallet_setting where bucket = w.bucket and wallet_id = w.id offset 0
    ) s on true`,
}

export const saveSources = (tx: Tx, walletId: string, sources: readonly Source[]): void =>
  tx.write(saveStatement, [bucketOfId(walletId) ?? -1, walletId, sources.join(' ')])
