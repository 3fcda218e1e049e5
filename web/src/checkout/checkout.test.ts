import { describe, expect, test } from 'vitest'
import { randomKey } from '../random-key.ts'
import { createAttemptKeys } from './attempt-key.ts'
import {
  type Checkout,
  type CheckoutState,
  checkoutIdOf,
  readableNo,
  safeReturnUrl,
  sourceOf,
  sourcesOf,
  stepsOf,
} from './checkout.ts'

test('the payment is named by the address', () => {
  expect(checkoutIdOf('/pay/c_01J9-x')).toBe('c_01J9-x')
  expect(checkoutIdOf('/pay/c1/')).toBe('c1')
  expect(checkoutIdOf('/pay/')).toBe('')
  expect(checkoutIdOf('/pay/a/b')).toBe('')
  expect(checkoutIdOf('/pay/%2e%2e')).toBe('')
})

test('only a web address or a path of ours is followed back', () => {
  expect(safeReturnUrl('https://shuba.example/o/1')).toBe('https://shuba.example/o/1')
  expect(safeReturnUrl('/demo')).toBe('/demo')
  expect(safeReturnUrl('//elsewhere.example')).toBeNull()
  expect(safeReturnUrl('javascript:alert(1)')).toBeNull()
  expect(safeReturnUrl(undefined)).toBeNull()
})

test('a long payment number is written in fours', () => {
  expect(readableNo('2611231440123306')).toBe('2611 2314 4012 3306')
  expect(readableNo('pay_01J9')).toBe('pay_01J9')
})

test('what is offered to pay with is what has limits, the phone bill first', () => {
  const limits = { single: '3000', day: '5000', month: '10000' }
  const cardLimits = { single: '100000', day: '500000' }
  expect(sourcesOf({ limits } as Checkout)).toEqual(['phone_bill'])
  expect(sourcesOf({ limits, cardLimits } as Checkout)).toEqual(['phone_bill', 'card'])
  expect(sourcesOf({ cardLimits } as Checkout)).toEqual(['card'])
  const walletLimits = { single: '5000000', day: '5000000' }
  const all = { limits, cardLimits, walletLimits } as Checkout
  expect(sourcesOf(all)).toEqual(['phone_bill', 'wallet', 'card'])
  expect(sourcesOf({ walletLimits } as Checkout)).toEqual(['wallet'])
  // No limits are told beyond the first step, nor by a server that has stopped selling.
  expect(sourcesOf({} as Checkout)).toEqual(['phone_bill'])
  expect(sourceOf({} as Checkout)).toBe('phone_bill')
  expect(sourceOf({ source: 'card' } as Checkout)).toBe('card')
})

describe('the steps', () => {
  test.each<[CheckoutState, string]>([
    ['enter', 'current ahead ahead'],
    ['waiting', 'done current ahead'],
    ['processing', 'done done current'],
    ['paid', 'done done done'],
    ['unknown', 'done done unknown'],
    ['declined', 'ahead ahead current'],
    ['expired', 'ahead ahead current'],
    ['cancelled', 'ahead ahead current'],
  ])('%s is %s', (state, steps) => {
    expect(stepsOf(state).join(' ')).toBe(steps)
  })
})

describe('the idempotency key', () => {
  test('stays the same for the same wish and changes with the number', () => {
    let count = 0
    const keyOf = createAttemptKeys(() => `key${++count}`)
    expect(keyOf('13800138000')).toBe('key1')
    expect(keyOf('13900139000')).toBe('key2')
    expect(keyOf('13800138000')).toBe('key1')
  })

  test('is long enough never to meet another', () => {
    expect(randomKey()).toMatch(/^[0-9a-f]{32}$/)
    expect(randomKey()).not.toBe(randomKey())
  })
})
