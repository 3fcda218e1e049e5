/**
 * `telepurse audit-head`: where the operator's log ends, as `row:hash`. Kept where nobody who can reach
 * the database can change it, it lets `telepurse verify --audit-head` find a log that was made anew.
 */
import { type Head, readHead } from '../audit/index.ts'
import { accept, type Result, refuse } from '../kernel/index.ts'
import { CannotGoOn, say } from './output.ts'
import { configOrStop, withDatabase } from './place.ts'

export async function auditHead(): Promise<number> {
  const head = await withDatabase(configOrStop(), readHead)
  if (!head) throw new CannotGoOn('there is no head: run telepurse verify')
  say(`${head.seq}:${head.hash}`)
  return 0
}

export function parseHead(text: string): Result<Head, 'malformed'> {
  const [, seq, hash] = /^(\d{1,18}):((?:[0-9a-f]{64})?)$/.exec(text.trim()) ?? []
  if (seq === undefined || hash === undefined) return refuse('malformed')
  return accept({ seq: BigInt(seq), hash })
}
