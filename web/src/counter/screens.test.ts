import { expect, test } from 'vitest'
import { screensFor, shortcutOf } from './screens.ts'

const alt = (code: string, more: object = {}) => ({
  ...{ altKey: true, ctrlKey: false, metaKey: false, shiftKey: false, code },
  ...more,
})

test('each screen has a key of its own', () => {
  const digits = screensFor(['clerk', 'supervisor']).map(({ digit }) => digit)
  expect(new Set(digits).size).toBe(digits.length)
})

test('every screen of a role is reached by its key', () => {
  for (const role of ['clerk', 'supervisor'] as const) {
    for (const { name, digit } of screensFor([role])) {
      const code = digit === '-' ? 'Minus' : `Digit${digit}`
      expect(shortcutOf(alt(code), [role])).toBe(name)
    }
  }
  expect(shortcutOf(alt('Numpad5'), ['clerk'])).toBe('cash')
  expect(shortcutOf(alt('KeyN'), ['supervisor'])).toBe('next_customer')
})

test('a supervisor alone does no acts for customers', () => {
  expect(screensFor(['supervisor']).map(({ name }) => name)).toEqual([
    'customer',
    'till',
    'approvals',
    'acts',
  ])
  expect(shortcutOf(alt('Digit5'), ['supervisor'])).toBeNull()
})

test.each([
  [alt('Digit5', { ctrlKey: true })],
  [alt('Digit5', { shiftKey: true })],
  [alt('Digit5', { altKey: false })],
  [alt('KeyD')],
])('what belongs to the browser is left to it', (press) => {
  expect(shortcutOf(press, ['clerk'])).toBeNull()
})
