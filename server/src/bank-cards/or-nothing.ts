/** A transaction that leaves nothing when its work refuses: no card in the vault, no claim on one. */
import type { Database, Tx } from '../db/index.ts'
import { type Result, refuse } from '../kernel/index.ts'

class TakenBack extends Error {
  override readonly name = 'TakenBack'
  readonly refusal: unknown
  constructor(refusal: unknown) {
    super('taken back')
    this.refusal = refusal
  }
}

export async function orNothing<Value, Refusal>(
  db: Database,
  work: (tx: Tx) => Promise<Result<Value, Refusal>>,
): Promise<Result<Value, Refusal>> {
  try {
    return await db.transact(async (tx) => {
      const result = await work(tx)
      if (!result.ok) throw new TakenBack(result.refusal)
      return result
    })
  } catch (error) {
    // Only `work` throws one, with its own refusal.
    if (error instanceof TakenBack) return refuse(error.refusal as Refusal)
    throw error
  }
}
