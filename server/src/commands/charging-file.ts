/**
 * `telepurse charging-file`: writes the file that tells a carrier what was charged to its post-paid
 * lines on a business day. Made again, it has the same bytes. Exit code 3 when the day is not closed:
 * then there is no file.
 */
import { chargingFolder, chargingFormat } from '../composition/charging.ts'
import { createBusinessTime, systemClock } from '../kernel/index.ts'
import { produceChargingFiles, writeWhole } from '../settlement/index.ts'
import { isDate } from './day.ts'
import { CannotGoOn, complain, say } from './output.ts'
import { configOrStop, withDatabase } from './place.ts'

export interface ChargingFileOptions {
  readonly carrier: string
  readonly date: string
  readonly out?: string
}

const notReady = 3

export async function chargingFile({ carrier, date, out }: ChargingFileOptions): Promise<number> {
  const problems = [
    /^[A-Z0-9]{2,8}$/.test(carrier) ? [] : '--carrier is a name like CMCC',
    isDate(date) ? [] : '--date is a day like 2026-09-12',
  ].flat()
  if (problems.length > 0) throw new CannotGoOn(...problems)
  const config = configOrStop()
  return withDatabase(config, async (db) => {
    const options = { db, time: createBusinessTime(config.zone), format: chargingFormat }
    const made = await produceChargingFiles(options, { carrier, date }, systemClock.now())
    if (!made.ok) {
      complain(`${date} is not closed yet: there is no file`)
      return notReady
    }
    for (const file of made.value) {
      const path = await writeWhole(out ?? chargingFolder(config), file)
      say(`${path}  ${file.rows} rows  sha256 ${file.sha256}`)
    }
    return 0
  })
}
