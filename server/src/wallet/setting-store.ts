/** The table `wallet_setting`: all its SQL. */
import type { Reader, Statement, Tx } from '../db/index.ts'
import { bucketOfId } from '../kernel/index.ts'
import type { Source } from '../payments/index.ts'
import { isOrder, usualSources } from './sources.ts'

const readStatement: Statement = {
  name: 'wallet_setting.read',
  text: 'select sources from wallet_setting where bucket = $1 and wallet_id = $2',
}
const saveStatement: Statement = {
  name: 'wallet_setting.save',
  text: `insert into wallet_setting (bucket, wallet_id, sources) values ($1, $2, $3)
    on conflict (bucket, wallet_id) do update set sources = excluded.sources`,
}

export async function readSources(reader: Reader, walletId: string): Promise<readonly Source[]> {
  const bucket = bucketOfId(walletId)
  if (bucket === undefined) return usualSources
  const [row] = await reader.query<{ sources: string }>(readStatement, [bucket, walletId])
  const kept = row?.sources.split(' ') ?? []
  // Another version of the program may know other sources.
  return isOrder(kept) ? kept : usualSources
}

export const saveSources = (tx: Tx, walletId: string, sources: readonly Source[]): void =>
  tx.write(saveStatement, [bucketOfId(walletId) ?? -1, walletId, sources.join(' ')])
