import { expect, test } from 'vitest'
import { deadlineOf } from './deadline.ts'

test.each([
  [undefined, undefined],
  ['', undefined],
  ['wait=5', 6_000],
  ['respond-async, wait=5', 6_000],
  ['Wait = 2 ; strict, respond-async', 3_000],
  ['wait="3"', 4_000],
  ['wait=0', 1_000],
  ['wait=2, wait=9', 3_000],
  ['wait=86400', 31_000],
  ['wait=-1', undefined],
  ['wait=1.5', undefined],
  ['wait=soon', undefined],
  ['await=5', undefined],
  ['respond-async', undefined],
])('Prefer: %s', (prefer, deadline) => {
  expect(deadlineOf({ headers: { ...(prefer !== undefined && { prefer }) } }, 1_000)).toBe(deadline)
})
