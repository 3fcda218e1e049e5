/**
 * `telepurse statement`: writes a merchant's file of a business day (对账单). Made again, it has the
 * same bytes. Exit code 3 when the day is not closed: the file then says so and holds no payments.
 */
import { closeSync, fsyncSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
import { createBusinessTime, systemClock } from '../kernel/index.ts'
import { writeStatement } from '../settlement/index.ts'
import { isDate } from './day.ts'
import { CannotGoOn, complain, say } from './output.ts'
import { configOrStop, withDatabase } from './place.ts'

export interface StatementOptions {
  readonly merchant: string
  readonly date: string
  readonly format: string
  readonly out?: string
}

const notReady = 3

export async function statement({
  merchant,
  date,
  format,
  out,
}: StatementOptions): Promise<number> {
  const problems = [
    /^\d{4}$/.test(merchant) ? [] : '--merchant is the four digits of the merchant',
    isDate(date) ? [] : '--date is a day like 2026-09-12',
    isFormat(format) ? [] : '--format is v3 or native',
  ].flat()
  if (problems.length > 0 || !isFormat(format)) throw new CannotGoOn(...problems)
  const config = configOrStop()
  return withDatabase(config, async (db) => {
    const time = createBusinessTime(config.zone)
    const order = { merchantId: merchant, date, format, now: systemClock.now() }
    const draft = `${out ?? `${merchant}.${date}.${format}`}.draft`
    const descriptor = openSync(draft, 'w')
    const write = (chunk: Uint8Array) => writeSync(descriptor, chunk)
    const { name, sha256, status } = await writeStatement(db, time, { ...order, write })
    fsyncSync(descriptor)
    closeSync(descriptor)
    const file = out ?? name
    // Only what is whole, and the same as ever, gets the name.
    renameSync(draft, file)
    say(`${file}  ${statSync(file).size} bytes  sha256 ${sha256}`)
    if (status === 'closed') return 0
    complain(`${date} is not closed yet: the file says so and holds no payments`)
    return notReady
  })
}

const isFormat = (text: string): text is 'v3' | 'native' => text === 'v3' || text === 'native'
