import { describe, expect, test } from 'vitest'
import {
  countdownOf,
  dateTimeOf,
  millisecondOf,
  minuteOf,
  remainingShare,
  shortMomentOf,
} from './time.ts'

const zone = 'Asia/Shanghai'
const at = Date.UTC(2026, 10, 23, 6, 32, 8, 7)

describe('a moment is written in the business zone', () => {
  test('whatever the zone of this machine', () => {
    expect(dateTimeOf(at, zone)).toBe('2026-11-23 14:32:08')
    expect(millisecondOf(at, zone)).toBe('14:32:08.007')
  })

  test('midnight is 00, not 24', () => {
    expect(minuteOf(Date.UTC(2026, 10, 23, 16, 0), zone)).toBe('00:00')
  })

  test('the day is told only when it is another day', () => {
    expect(shortMomentOf(at, at + 3_600_000, zone)).toBe('14:32')
    expect(shortMomentOf(at, at + 86_400_000, zone)).toBe('11-23 14:32')
  })
})

describe('the countdown', () => {
  test.each([
    [600_000, '10:00'],
    [507_000, '8:27'],
    [506_001, '8:27'],
    [1, '0:01'],
    [0, '0:00'],
    [-5_000, '0:00'],
  ])('%s ms left is %s', (leftMs, written) => {
    expect(countdownOf(leftMs)).toBe(written)
  })

  test('the ring is never over-full nor less than empty', () => {
    expect(remainingShare(300_000, 600_000)).toBe(0.5)
    expect(remainingShare(700_000, 600_000)).toBe(1)
    expect(remainingShare(-1, 600_000)).toBe(0)
    expect(remainingShare(5, 0)).toBe(0)
  })
})
