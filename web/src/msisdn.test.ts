import { expect, test } from 'vitest'
import { digitsOf, isMobile, spacedMsisdn } from './msisdn.ts'

test.each([
  ['13800138000', '13800138000'],
  ['+86 138-0013-8000', '13800138000'],
  ['8613800138000', '13800138000'],
  ['１３８ ００１３ ８０００', '13800138000'],
  ['138001380009', '13800138000'],
])('%s is the number %s', (typed, digits) => {
  expect(digitsOf(typed)).toBe(digits)
})

test('a number that begins with 186 keeps its beginning', () => {
  expect(digitsOf('18612345678')).toBe('18612345678')
})

test('only whole mobile numbers are accepted', () => {
  expect(isMobile('138 0013 8000')).toBe(true)
  expect(isMobile('138 0013 800')).toBe(false)
  expect(isMobile('02112345678')).toBe(false)
})

test('a number is shown in three groups, also masked and unfinished', () => {
  expect(spacedMsisdn('13800138000')).toBe('138 0013 8000')
  expect(spacedMsisdn('138****8000')).toBe('138 **** 8000')
  expect(spacedMsisdn('1380')).toBe('138 0')
  expect(spacedMsisdn('')).toBe('')
})
