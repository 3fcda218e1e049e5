import { expect, test } from 'vitest'
import { lookups, parseSubject } from './list.ts'

test.each([
  ['number', '138 0013 8000', '+8613800138000'],
  ['number', '12345', 'subject_malformed'],
  ['prefix', '170', '170'],
  ['prefix', '1700', '1700'],
  ['prefix', '1380013', '1380013'],
  ['prefix', '17001', 'subject_malformed'],
  ['prefix', '110', 'subject_malformed'],
  ['merchant', '6021', '6021'],
  ['merchant', '0021', 'subject_malformed'],
  ['goods', '6021/150', '6021/150'],
  ['goods', '6021/-', '6021/-'],
  ['goods', '150', 'subject_malformed'],
  ['ip', '203.0.113.9', '203.0.113.9'],
  ['ip', '2001:DB8:0:0::1', '2001:db8::1'],
  ['ip', '203.0.113', 'subject_malformed'],
  ['account', '玩家7', '玩家7'],
  ['account', 'a\u0000b', 'subject_malformed'],
  ['device', 'a b', 'subject_malformed'],
] as const)('%s %s is read as %s', (kind, text, answer) => {
  const result = parseSubject(kind, text)
  expect(result.ok ? result.value.value : result.refusal).toBe(answer)
})

test('a number is looked for by itself and by its prefixes, each once', () => {
  const names = ['number:+8613800138000', 'number:+8613800138001', 'merchant:6021', 'merchant:6021']
  const found = lookups([...names, 'nonsense', 'other:1'])
  expect([...found.keys()]).toEqual([
    'number:+8613800138000',
    'prefix:138',
    'prefix:1380',
    'prefix:1380013',
    'number:+8613800138001',
    'merchant:6021',
  ])
  expect(found.get('prefix:138')?.askedAs).toEqual(names.slice(0, 2))
})
