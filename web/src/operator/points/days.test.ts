import { expect, test } from 'vitest'
import { endOf, lastDayOf, momentOf, startOf } from './days.ts'

test('a day begins and ends at midnight of the business day, wherever the reader sits', () => {
  expect(startOf('2026-12-31')).toBe('2026-12-30T16:00:00.000Z')
  expect(endOf('2026-12-31')).toBe('2026-12-31T16:00:00.000Z')
  expect(momentOf(endOf('2026-12-31'))).toBe('2027-01-01 00:00')
})

test('the last day of what ends at midnight is the day before', () => {
  expect(lastDayOf(endOf('2028-02-29'))).toBe('2028-02-29')
  expect(lastDayOf('2026-11-28T10:00:00Z')).toBe('2026-11-28')
})
