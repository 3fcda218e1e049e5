/** The page of faults names tests: they are there, under their names. */
import { expect, test } from 'vitest'
import { complaintsAbout, faultTable } from './fault-table.ts'

test('every fault, promise and invariant stands in the table, with what shows it', () => {
  expect(complaintsAbout(faultTable())).toEqual([])
})

test.each([
  ['a row that is lost', /^\| F05 .*\n/m, '', 'F05 is missing'],
  [
    'a row that shows nothing',
    /^(\| F20 \|.*\|).*\|$/m,
    '$1 we hope so |',
    'F20: nothing shows it',
  ],
  ['a test with another name', '“payments of an amount”', '“payments of amounts”', 'F29: no “pay'],
  ['a test without its name', ' “payments of an amount”', '', 'F29: no test is named in server'],
  ['a file that has gone', 'payments/verify.test.ts', 'payments/gone.test.ts', 'F24: no “a key'],
  ['a race that has gone', 'race `idempotency`', 'race `luck`', 'F20: no race luck'],
  ['a rule that has gone', 'rule `payment_timers_are_set`', 'rule `timers`', 'P13: no rule timers'],
  ['a mutant that has gone', '| `no-lease` |', '| `no-luck` |', 'is no mutant'],
])('%s is found', (_what, part, by, complaint) => {
  const spoiled = faultTable().replace(part, by)
  expect(complaintsAbout(spoiled)).toContainEqual(expect.stringContaining(complaint))
})
