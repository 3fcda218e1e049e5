import { expect, test } from 'vitest'
import { createPacer } from './pacer.ts'

test('without a limit nothing is held back', () => {
  const pacer = createPacer(0)
  for (let i = 0; i < 100; i += 1) {
    expect(pacer.delay(5)).toBe(0)
    pacer.onSent(5)
  }
})

test('a limit spaces messages evenly', () => {
  const pacer = createPacer(10)
  let now = 0
  for (let i = 0; i < 5; i += 1) {
    expect(pacer.delay(now)).toBe(i === 0 ? 0 : 100)
    now += pacer.delay(now)
    pacer.onSent(now)
  }
})

test('throttling stops sending, longer each time, and halves the speed; accepted messages restore it', () => {
  const pacer = createPacer(0)
  for (let i = 0; i < 40; i += 1) pacer.onSent(1_000)
  pacer.onThrottled(1_000)
  // The other answers of the same window are the same event.
  pacer.onThrottled(1_001)
  expect(pacer.perSecond()).toBe(20)
  expect(pacer.delay(1_000)).toBe(500)
  expect(pacer.delay(1_500)).toBe(0)
  pacer.onThrottled(1_500)
  expect(pacer.perSecond()).toBe(10)
  expect(pacer.heldUntil()).toBe(2_500)
  for (let now = 2_500; now < 2_600; now += 1) pacer.onAccepted(now)
  expect(pacer.perSecond()).toBeGreaterThan(100)
  for (let i = 0; i < 200; i += 1) pacer.onAccepted(3_000)
  expect(pacer.perSecond()).toBe(Number.POSITIVE_INFINITY)
  pacer.onThrottled(4_000)
  expect(pacer.heldUntil()).toBe(4_500)
})

test('the pause and the speed have their limits', () => {
  const pacer = createPacer(50)
  for (let i = 0, now = 0; i < 20; i += 1, now = pacer.heldUntil()) pacer.onThrottled(now)
  expect(pacer.perSecond()).toBe(1)
  const now = pacer.heldUntil()
  pacer.onThrottled(now)
  expect(pacer.heldUntil() - now).toBe(30_000)
  for (let i = 0; i < 500; i += 1) pacer.onAccepted(pacer.heldUntil())
  expect(pacer.perSecond()).toBe(50)
})
