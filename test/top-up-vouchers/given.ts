/** A batch of top-up vouchers for tests, as two people of the operator make it; all sold but where it says so. */
import type { Database } from '../../server/src/db/index.ts'
import type { Clock, FieldCipher, Secret } from '../../server/src/kernel/index.ts'
import type { Tools } from '../../server/src/points/index.ts'
import {
  activateVouchers,
  makeBatch,
  requestBatch,
} from '../../server/src/top-up-vouchers/index.ts'

export interface Given {
  readonly db: Database
  readonly clock: Clock
  readonly tools: Tools & { readonly cipher: FieldCipher }
}

export interface Terms {
  readonly count?: bigint
  readonly amount?: bigint
  readonly validUntil?: number
  readonly sold?: bigint
}

const dayMs = 86_400_000

export const wantedBatch = ({ clock, tools }: Given, more: object = {}) => ({
  ...{ id: tools.ids.next(0, clock.now()), name: 'Spring', seller: 'hall-1', amount: 50_00n },
  ...{ count: 10n, validUntil: clock.now() + 2 * dayMs, askedBy: 'lin', agreedBy: 'zhao' },
  ...more,
})

export async function giveBatch(given: Given, { sold, ...terms }: Terms = {}) {
  const { db, clock, tools } = given
  const wanted = wantedBatch(given, terms)
  const { id } = wanted
  const done = await db.transact(async (tx) => {
    const now = clock.now()
    await requestBatch(tx, wanted, now)
    return makeBatch(tx, tools, id, now)
  })
  if (!done.ok) throw new Error(done.refusal)
  const last = sold ?? wanted.count
  if (last > 0n) await sell(given, { id, first: 1n, last })
  const { cards } = done.value
  return { id, cards, codes: cards.map(({ code }): Secret => code) }
}

export async function sell(
  { db, clock, tools }: Given,
  span: { readonly id: string; readonly first: bigint; readonly last: bigint },
): Promise<bigint> {
  const done = await db.transact((tx) => activateVouchers(tx, tools, span, clock.now()))
  if (!done.ok) throw new Error(done.refusal)
  return done.value.changed
}
