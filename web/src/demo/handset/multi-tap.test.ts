import { expect, test } from 'vitest'
import { erase, type Mode, press, replaceText, switchMode, type Typing } from './multi-tap.ts'

const empty = (mode: Mode): Typing => ({ text: '', mode, tapped: null })

function typed(mode: Mode, presses: readonly (readonly [key: string, at: number])[]): string {
  return presses.reduce((typing, [key, at]) => press(typing, { key, at }), empty(mode)).text
}

test('in figures every press is a figure', () => {
  expect(
    typed('digits', [
      ['3', 0],
      ['0', 100],
      ['0', 200],
    ]),
  ).toBe('300')
})

test('in letters three quick presses of 9 make a Y', () => {
  expect(
    typed('letters', [
      ['9', 0],
      ['9', 300],
      ['9', 600],
    ]),
  ).toBe('Y')
})

test('a pause or another key begins the next letter', () => {
  expect(
    typed('letters', [
      ['6', 0],
      ['6', 300],
      ['6', 2_000],
      ['2', 2_100],
    ]),
  ).toBe('NMA')
})

test('the letters of a key go round and end at its figure', () => {
  const presses = Array.from({ length: 5 }, (_, index) => ['9', index * 100] as const)
  expect(typed('letters', presses)).toBe('9')
  expect(typed('letters', [...presses, ['9', 500]])).toBe('W')
})

test('text that came another way is not replaced by the next press', () => {
  const one = press(empty('letters'), { key: '9', at: 0 })
  expect(press(replaceText(one, 'OK'), { key: '9', at: 100 }).text).toBe('OKW')
})

test('erasing takes the last character, and nothing from nothing', () => {
  expect(erase(replaceText(empty('digits'), '300')).text).toBe('30')
  expect(erase(empty('digits')).text).toBe('')
})

test('the way of typing changes without touching the text', () => {
  expect(switchMode(replaceText(empty('digits'), '3'))).toEqual({
    text: '3',
    mode: 'letters',
    tapped: null,
  })
})
