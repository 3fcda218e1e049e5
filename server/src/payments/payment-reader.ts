/** Whoever asks for a payment while a query is under way shares the next one with all who do. */
import { createCoalescer, type Database, type Reader } from '../db/index.ts'
import type { Clock } from '../kernel/index.ts'
import type { Payment } from './payment.ts'
import type { Versioned } from './rows.ts'
import { paymentsByIds, type RowKey } from './store.ts'

export type ReadPayment = (key: RowKey) => Promise<Versioned | undefined>

export function createPaymentReader({
  db,
  clock,
}: {
  readonly db: Database
  readonly clock: Clock
}): ReadPayment {
  const reads = createCoalescer<RowKey, Versioned | undefined>({
    now: clock.now,
    async run(keys) {
      const found = await paymentsByIds(db, keys)
      const byId = new Map(found.map((payment) => [payment.id, payment]))
      return keys.map(({ id }) => byId.get(id))
    },
  })
  return (key) => reads.submit(key)
}

/** In a transaction that holds the lock of its number: nothing happens to it before the commit. */
export const findPayment = async (reader: Reader, key: RowKey): Promise<Payment | undefined> =>
  (await paymentsByIds(reader, [key]))[0]
