import { expect, test } from 'vitest'
import { isName, parseKeyword } from './words.ts'

test.each([
  ['星际游戏', 'Star Games', true],
  ['一二三四五六七八九十一二', 'abcdefghijklmnopqrstuvwx', true],
  ['一二三四五六七八九十一二三', 'ok', false],
  ['好', 'abcdefghijklmnopqrstuvwxy', false],
  ['', 'ok', false],
  ['好', ' padded', false],
  ['好', 'line\nbreak', false],
  ['好', 'right\u202eto left', false],
])('%j and %j as a name: %s', (zh, en, good) => {
  expect(isName({ zh, en })).toBe(good)
})

test.each([
  ['sword', 'SWORD'],
  ['宝剑', '宝剑'],
  ['ｓｗｏｒｄ', 'SWORD'],
  ['a1', 'A1'],
  ['1', 'keyword_is_a_number'],
  ['30', 'keyword_is_a_number'],
  ['150', 'keyword_is_a_number'],
  ['１２', 'keyword_is_a_number'],
  ['0.5', 'keyword_is_a_number'],
  ['123456', 'keyword_is_a_number'],
  ['y', 'keyword_is_reserved'],
  ['Y2', 'keyword_is_reserved'],
  ['否', 'keyword_is_reserved'],
  ['退订', 'keyword_is_reserved'],
  ['stop', 'keyword_is_reserved'],
  ['two words', 'keyword_malformed'],
  ['a#b', 'keyword_malformed'],
  ['', 'keyword_malformed'],
  ['abcdefghijklm', 'keyword_malformed'],
])('the keyword %j is answered %s', (text, answer) => {
  const result = parseKeyword(text)
  expect(result.ok ? result.value : result.refusal).toBe(answer)
})
