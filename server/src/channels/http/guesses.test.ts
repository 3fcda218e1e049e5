import { expect, test } from 'vitest'
import { manualClock } from '../../kernel/index.ts'
import { createGuesses, networkOf } from './guesses.ts'

const limit = { max: 3, withinMs: 1_000, lockMs: 5_000 }

test('the third wrong one within the time locks the address, nobody else, and not for ever', () => {
  const clock = manualClock(0)
  const guesses = createGuesses(limit, clock)
  expect([guesses.wrong('a'), guesses.wrong('a'), guesses.lockedMs('a')]).toEqual([false, false, 0])
  clock.advance(999)
  expect([guesses.wrong('a'), guesses.lockedMs('a'), guesses.lockedMs('b')]).toEqual([
    true,
    5_000,
    0,
  ])
  clock.advance(4_999)
  expect(guesses.lockedMs('a')).toBe(1)
  clock.advance(1)
  expect([guesses.lockedMs('a'), guesses.wrong('a')]).toEqual([0, false])
})

test('wrong ones that are far apart never add up', () => {
  const clock = manualClock(0)
  const guesses = createGuesses(limit, clock)
  for (let i = 0; i < 20; i += 1) {
    expect(guesses.wrong('a')).toBe(false)
    clock.advance(501)
  }
})

test('a flood of addresses forgets the oldest and keeps the newest', () => {
  const guesses = createGuesses({ ...limit, max: 1 }, manualClock(0))
  for (let i = 0; i <= 10_000; i += 1) guesses.wrong(`address ${i}`)
  expect([guesses.lockedMs('address 0'), guesses.lockedMs('address 10000')]).toEqual([0, 5_000])
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s counts as %s', (address, network) => expect(networkOf(address)).toBe(network))
