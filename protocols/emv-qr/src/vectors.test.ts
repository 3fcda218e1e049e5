/**
 * Codes published by others, read from the folder that holds them beside the repository. Where that folder is
 * missing these tests are reported as skipped.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { valueIn } from '../test/codes.ts'
import { makeConsumerCode, readConsumerCode } from './consumer/code.ts'
import { crcOf } from './merchant/crc.ts'
import { makeMerchantCode } from './merchant/make.ts'
import { readMerchantCode } from './merchant/read.ts'

interface Vectors {
  readonly mpm: readonly {
    readonly payload: string
    readonly crc: string
    readonly fields?: Readonly<Record<string, string>>
  }[]
  readonly cpm: readonly { readonly name: string; readonly base64: string; readonly hex: string }[]
}

const file = join(import.meta.dirname, '../../../../shared/vectors/emv-qr.json')
const missing = !existsSync(file)
const vectors = () => JSON.parse(readFileSync(file, 'utf8')) as Vectors

test.skipIf(missing)('the checksums of merchants’ codes are theirs', () => {
  const { mpm } = vectors()
  expect(mpm.length).toBeGreaterThan(4)
  for (const { payload, crc } of mpm) expect(crcOf(payload.slice(0, -4))).toBe(crc)
})

test.skipIf(missing)('merchants’ codes are read, and made again as they were', () => {
  let exact = 0
  for (const { payload, fields } of vectors().mpm) {
    const { code, departures } = valueIn(readMerchantCode(payload))
    if (fields !== undefined)
      expect({
        15: code.accounts.map((it) => ('value' in it ? it.value : it.id)).join(),
        52: code.categoryCode,
        53: code.currency,
        54: code.amount,
        58: code.country,
        59: code.name,
        60: code.city,
        62: `01${code.additional?.billNumber?.length.toString().padStart(2, '0')}${code.additional?.billNumber}`,
      }).toEqual(fields)
    const made = makeMerchantCode(code)
    // One of them names its city in a character too many: it is read, and not made.
    expect(made.ok ? made.value : made.refusal).toEqual(departures[0] ?? payload)
    if (made.ok) exact += 1
  }
  expect(exact).toBe(vectors().mpm.length - 1)
})

test.skipIf(missing)('consumers’ codes are read, and made again as they were', () => {
  const { cpm } = vectors()
  expect(cpm.length).toBeGreaterThan(2)
  for (const { base64, hex } of cpm) {
    expect(Buffer.from(base64, 'base64').toString('hex')).toBe(hex)
    const code = valueIn(readConsumerCode(base64))
    expect(valueIn(makeConsumerCode(code.objects))).toBe(base64)
  }
})
