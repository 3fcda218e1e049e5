import { expect, test } from 'vitest'
import { Secret } from '../kernel/index.ts'
import type { PinFacts } from './pin.ts'
import { weaknessOf } from './weak-pins.ts'

const msisdn = '+8613800138642'
const facts: PinFacts = {
  idNumber: new Secret('11010519491231002X'),
  cardNumbers: [new Secret('6222020000000918273'), new Secret('4111111111111111')],
}

test.each([
  ['12345', 'not_six_digits'],
  ['1234567', 'not_six_digits'],
  ['12345a', 'not_six_digits'],
  ['１３５７９２', 'not_six_digits'],
  ['135792\n', 'not_six_digits'],
  ['', 'not_six_digits'],
  ['000000', 'all_equal'],
  ['777777', 'all_equal'],
  ['012345', 'run'],
  ['456789', 'run'],
  ['567890', 'run'],
  ['654321', 'run'],
  ['321098', 'run'],
  ['138642', 'of_the_number'],
  ['231002', 'of_the_identity'],
  ['918273', 'of_a_card'],
  ['491231', 'birth_date'],
  ['311249', 'birth_date'],
  ['123149', 'birth_date'],
  ['194912', 'birth_date'],
  ['121949', 'birth_date'],
])('%j is weak: %s', (pin, weakness) => {
  expect(weaknessOf(pin, msisdn, facts)).toBe(weakness)
})

test.each(['135792', '123457', '112233', '777776', '086431', '642138', '010519'])(
  '%s is good',
  (pin) => {
    expect(weaknessOf(pin, msisdn, facts)).toBeNull()
  },
)

test('what is not known of an owner cannot be held against a PIN', () => {
  expect(weaknessOf('491231', msisdn, {})).toBeNull()
  expect(weaknessOf('918273', msisdn, {})).toBeNull()
  expect(weaknessOf('138642', msisdn, {})).toBe('of_the_number')
})
