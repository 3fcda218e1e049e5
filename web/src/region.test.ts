import { expect, test } from 'vitest'
import { regionName } from './region.ts'

test.each([
  ['110000', '北京市', 'Beijing'],
  ['420106', '湖北省', 'Hubei'],
  ['420106199108173716', '湖北省', 'Hubei'],
  ['610000', '陕西省', 'Shaanxi'],
  ['140000', '山西省', 'Shanxi'],
])('%s lies in %s', (code, zh, en) => {
  expect([regionName(code, 'zh-CN'), regionName(code, 'en')]).toEqual([zh, en])
})

test.each([['江城'], ['990000'], ['42'], ['']])('%j is no code, and stays as it is', (text) => {
  expect(regionName(text, 'zh-CN')).toBe(text)
})

test('there are 34 provinces, each with a name of its own', () => {
  for (const language of ['zh-CN', 'en']) {
    const codes = Array.from({ length: 90 }, (_, at) => `${at + 10}0000`)
    const names = codes.map((code) => regionName(code, language))
    const found = names.filter((name) => !/^\d/.test(name))
    expect([found.length, new Set(found).size]).toEqual([34, 34])
  }
})
