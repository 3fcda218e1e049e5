/** Vouchers as they are looked up and taken out again; `acts.ts` makes them. */
import type { Database, Reader } from '../db/index.ts'
import type { Logbook } from './logbook.ts'
import type { Person } from './person.ts'
import type { Voucher } from './voucher.ts'
import { countPrint, readVoucher } from './voucher-store.ts'

export function createVouchers({
  db,
  logbook,
}: {
  readonly db: Database
  readonly logbook: Logbook
}) {
  return {
    /** Undefined where it is of another office. */
    async find(reader: Reader, number: string, { office }: Person): Promise<Voucher | undefined> {
      const found = await readVoucher(reader, number)
      return found?.office === office ? found : undefined
    },

    /** For printing: counted, and written down who took it out. */
    print(number: string, person: Person): Promise<Voucher | undefined> {
      return db.transact(async (tx) => {
        const voucher = await countPrint(tx, { number, office: person.office })
        if (!voucher) return undefined
        await logbook.write(tx, person, {
          action: 'voucher.print',
          subject: `voucher:${number}`,
          after: { print: voucher.prints },
        })
        return voucher
      })
    },
  }
}

export type Vouchers = ReturnType<typeof createVouchers>
