import { expect, test } from 'vitest'
import { code128 } from './code-128.ts'

/** Reads bars as a scanner does: eleven modules a character, the check character, the stop. */
function read(widths: readonly number[]): number[] {
  const text = widths.join('')
  expect(text.endsWith('2331112')).toBe(true)
  const table = new Map(Array.from({ length: 100 }, (_, n) => [markOf(n), n]))
  return (text.slice(6, -13).match(/.{6}/g) ?? []).map((mark) => table.get(mark) ?? -1)
}
const markOf = (n: number) => code128(String(n).padStart(2, '0')).slice(6, 12).join('')

test('every pair of digits has a mark of its own, of eleven modules with an even number of dark ones', () => {
  const marks = Array.from({ length: 100 }, (_, n) => markOf(n))
  expect(new Set(marks).size).toBe(100)
  for (const mark of marks) {
    const widths = [...mark].map(Number)
    expect(widths.reduce((sum, width) => sum + width, 0)).toBe(11)
    expect(widths.reduce((sum, width, at) => sum + (at % 2 === 0 ? width : 0), 0) % 2).toBe(0)
  }
})

test('18 digits are read again, and their check character is that of the standard', () => {
  const digits = '762049155374537744'
  const widths = code128(digits)
  expect(
    read(widths)
      .map((n) => String(n).padStart(2, '0'))
      .join(''),
  ).toBe(digits)
  expect(widths.reduce((sum, width) => sum + width, 0)).toBe(11 * 11 + 13)
  // 105 + 76 + 2 · 20 + 3 · 49 + … + 9 · 44 = 2520, which leaves 48.
  expect(widths.slice(-13, -7).join('')).toBe(markOf(48))
})

test('an odd number of digits is refused', () => {
  expect(() => code128('123')).toThrow(RangeError)
})
