/** What a customer may ask, whatever channel the code comes by. */
import type { Database } from '../db/index.ts'
import type { Clock, Result } from '../kernel/index.ts'
import type { UseRefusal } from './top-up-voucher.ts'
import { type Used, type UseTools, type Using, useTopUpVoucher } from './use.ts'

export interface TopUpVouchersOptions extends UseTools {
  readonly db: Database
  readonly clock: Clock
}

export interface TopUpVouchers {
  use(given: Using): Promise<Result<Used, UseRefusal>>
}

export const createTopUpVouchers = (options: TopUpVouchersOptions): TopUpVouchers => ({
  use: (given) =>
    options.db.transact((tx) => useTopUpVoucher(tx, options, given, options.clock.now())),
})
