/**
 * `telepurse sweep`: gathers what each merchant has sold, up to a closed day, into what it is owed. Can
 * be run again: nothing is moved twice. Exit code 3 when the day is not closed.
 */
import { createBusinessTime, createIds, systemClock } from '../kernel/index.ts'
import { readMerchants } from '../merchants/index.ts'
import { daysOf, sweepMerchant } from '../settlement/index.ts'
import { isDate } from './day.ts'
import { CannotGoOn, complain, say } from './output.ts'
import { configOrStop, withDatabase } from './place.ts'

export interface SweepOptions {
  readonly date?: string
}

const notReady = 3

export async function sweep({ date: wanted }: SweepOptions): Promise<number> {
  if (wanted !== undefined && !isDate(wanted))
    throw new CannotGoOn('--date is a day like 2026-09-12')
  const config = configOrStop()
  return withDatabase(config, async (db) => {
    const { closedThrough } = await daysOf(db)
    const date = wanted ?? closedThrough
    if (closedThrough === null || date === null || date > closedThrough) {
      complain(`${date ?? 'the first day'} is not closed yet: nothing is moved`)
      return notReady
    }
    const tools = {
      db,
      clock: systemClock,
      time: createBusinessTime(config.zone),
      ids: createIds(),
    }
    for (const { id: merchantId } of await readMerchants(db)) {
      const swept = await sweepMerchant(tools, { merchantId, date })
      if (!swept.ok) say(`${merchantId}  ${swept.refusal.replaceAll('_', ' ')}`)
      else {
        const { amount, transfers, postedOn } = swept.value
        say(`${merchantId}  ${amount} fen in ${transfers} transfers, posted on ${postedOn}`)
      }
    }
    return 0
  })
}
