/** Texts on their way that are sealed: their SQL. */
import type { Reader } from '../db/index.ts'
import { textKey } from './secret-text.ts'
import { topics } from './topics.ts'

/** How many texts could not be sent any more without a version of their key. */
export async function textsUnder(
  reader: Reader,
  { name, version }: { readonly name: string; readonly version: number },
): Promise<bigint> {
  if (name !== textKey) return 0n
  const [row] = await reader.query<{ count: bigint }>(
    `select count(*) as count from job
     where topic = $1 and split_part(payload->'sealed'->>'text', '.', 2) = $2`,
    [topics.sms, String(version)],
  )
  return row?.count ?? 0n
}
