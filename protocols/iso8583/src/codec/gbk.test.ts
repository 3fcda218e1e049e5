import { expect, test } from 'vitest'
import { hexOf, octets } from '../../test/messages.ts'
import { decodeGbk, firstNotGbk, writeGbk } from './gbk.ts'

test('all pairs of the code page are read and written alike', () => {
  const seen = new Set<string>()
  const pair = new Uint8Array(2)
  for (let lead = 0x81; lead <= 0xfe; lead += 1)
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      if (trail === 0x7f) continue
      const given = Uint8Array.of(lead, trail)
      const text = decodeGbk(given)
      if (text === undefined) continue
      expect(writeGbk(pair, 0, text)).toBe(2)
      // Some platforms read two codes as an ideographic space, of which one is written.
      if (text !== '\u3000') expect(hexOf(pair)).toBe(hexOf(given))
      expect(decodeGbk(pair)).toBe(text)
      seen.add(text)
    }
  // GBK has 21,886 characters; code page 936 gives the rest to private use.
  expect(seen.size).toBeGreaterThanOrEqual(21_886)
})

test.each([
  ['营业厅', 'D3AAD2B5CCFC'],
  ['中国移动', 'D6D0B9FAD2C6B6AF'],
  ['￥30元', 'A3A43330D4AA'],
  ['镕', 'E946'],
])('%s is %s', (text, hex) => {
  const room = new Uint8Array(20)
  const end = writeGbk(room, 0, text)
  expect(hexOf(room.slice(0, end))).toBe(hex)
  expect(decodeGbk(octets(hex))).toBe(text)
})

test.each(['ṩ', '🙂', '\n', '\u007f', 'ñ', '\ud83d'])('%j cannot be written', (text) => {
  expect(writeGbk(new Uint8Array(8), 0, text)).toBeUndefined()
})

test.each([
  ['4142D3AA', -1],
  ['41D3', 1],
  ['D37F', 0],
  ['D330', 0],
  ['80', 0],
  ['FF', 0],
  ['41420A', 2],
])('%s stops being a text at %i', (hex, at) => {
  const given = octets(hex)
  expect(firstNotGbk(given, 0, given.length)).toBe(at)
})

test('half a pair at the end of a field is no text, whatever follows the field', () => {
  expect(firstNotGbk(octets('41D3AA'), 0, 2)).toBe(1)
})
