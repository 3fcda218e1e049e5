/** Amounts of the standard: its own cases where they are at hand, the fen exactly, and everything else refused. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { amountOf, amountText, isAmount } from './amount.ts'

const vectors = join(import.meta.dirname, '../../../../../../shared/vectors/gsma-mmapi.json')
const found = existsSync(vectors)

describe.skipIf(!found)('the standard’s own cases', () => {
  const { amounts = [] } = found ? JSON.parse(readFileSync(vectors, 'utf8')) : {}

  test('there are eighteen, and each is permitted or not as it says', () => {
    expect(amounts).toHaveLength(18)
    const wrong = amounts.filter(
      ({ value, permitted }: { value: string; permitted: boolean }) =>
        isAmount(value) !== permitted,
    )
    expect(wrong).toEqual([])
  })
})

test.each([
  ['5', 5_00n],
  ['5.5', 5_50n],
  ['0.01', 1n],
  ['0', 0n],
  ['5.5000', 5_50n],
  ['555555555555555555', 555_555_555_555_555_555_00n],
  ['5.555', undefined],
  ['5.', undefined],
  ['.5', undefined],
  ['00.5', undefined],
  ['-5.5', undefined],
  ['1e3', undefined],
  ['５', undefined],
  ['', undefined],
])('%j is %s fen', (text, fen) => {
  expect(amountOf(text)).toBe(fen)
})

test('what we write we read', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 19n }), (fen) => {
      expect(amountOf(amountText(fen))).toBe(fen)
    }),
  )
})
