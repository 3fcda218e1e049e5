/** Top-up vouchers of the demo, sold as they are asked for; real codes leave for a printer. */
import type { Parts } from '../compose.ts'
import { assert } from '../kernel/index.ts'
import { activateVouchers, makeBatch, requestBatch } from '../top-up-vouchers/index.ts'

const yearMs = 365 * 86_400_000

/** A batch of one, worth 50.00. */
export async function newVoucher(parts: Parts): Promise<{ readonly code: string }> {
  const { db, clock, ids } = parts
  const now = clock.now()
  const id = ids.next(0, now)
  const made = await db.transact(async (tx) => {
    const wanted = {
      ...{ id, name: 'Demo', seller: 'demo', amount: 50_00n, count: 1n },
      ...{ validUntil: now + yearMs, askedBy: 'demo', agreedBy: 'demo supervisor' },
    }
    await requestBatch(tx, wanted, now)
    return makeBatch(tx, parts, id, now)
  })
  assert(made.ok, 'a new batch is made')
  await db.transact((tx) => activateVouchers(tx, parts, { id, first: 1n, last: 1n }, now))
  const [card] = made.value.cards
  assert(card, 'it has a voucher')
  return { code: card.code.reveal() }
}
