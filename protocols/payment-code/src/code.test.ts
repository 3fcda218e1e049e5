import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { alias, exampleKey, hmacOf, refusalIn, valueIn } from '../test/example.ts'
import { makeCode, splitCode } from './code.ts'
import { luhnDigit } from './luhn.ts'
import { truncated } from './otp.ts'

const hmac = hmacOf(exampleKey)
const at = 1_767_225_600_000

test('the published codes: one key, one alias, two steps of time', async () => {
  expect(valueIn(await makeCode({ alias, hmac, now: at }))).toBe('762049155374537744')
  expect(valueIn(await makeCode({ alias, hmac, now: at + 29_999 }))).toBe('762049155374537744')
  expect(valueIn(await makeCode({ alias, hmac, now: at + 30_000 }))).toBe('762049155373037951')
})

test('the truncation is that of RFC 6238: its SHA-1 example for the second 59', () => {
  const counter = Buffer.from('0000000000000001', 'hex')
  const mac = createHmac('sha1', '12345678901234567890').update(counter).digest()
  expect(truncated(mac) % 10 ** 8).toBe(94_287_082)
})

test('the check digit is Luhn: the example of ISO/IEC 7812', () => {
  expect(luhnDigit('7992739871')).toBe('3')
})

test('a code is taken apart into what it was made of', () =>
  fc.assert(
    fc.asyncProperty(
      fc.stringMatching(/^[0-9]{9}$/),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.nat(4_102_444_800_000),
      fc.constantFrom('76', '00', '16', '24', '31', '61', '63', '99'),
      async (anyAlias, key, now, prefix) => {
        const made = await makeCode({ alias: anyAlias, hmac: hmacOf(key), now, prefix })
        const code = valueIn(made)
        const parts = valueIn(splitCode(code, prefix))
        expect(parts.alias).toBe(anyAlias)
        expect(code.slice(0, 17)).toBe(`${prefix}${parts.alias}${parts.otp}`)
        expect(luhnDigit(code.slice(0, 17))).toBe(code[17])
      },
    ),
    { numRuns: 200 },
  ))

test('one wrong digit is found, wherever it is', () =>
  fc.assert(
    fc.property(
      fc.stringMatching(/^76[0-9]{15}$/),
      fc.integer({ min: 2, max: 17 }),
      fc.integer({ min: 1, max: 9 }),
      (body, place, change) => {
        const code = `${body}${luhnDigit(body)}`
        expect(splitCode(code).ok).toBe(true)
        const wrong = (Number(code[place]) + change) % 10
        const spoilt = `${code.slice(0, place)}${wrong}${code.slice(place + 1)}`
        expect(refusalIn(splitCode(spoilt))).toBe('check_digit_wrong')
      },
    ),
  ))

test.each([
  ['', 'not_18_digits'],
  ['76204915537453774', 'not_18_digits'],
  ['7620491553745377440', 'not_18_digits'],
  ['76204915537453774x', 'not_18_digits'],
  ['762049155374537744\n', 'not_18_digits'],
  ['７６２０４９１５５３７４５３７７４４', 'not_18_digits'],
  ['134049155374537744', 'prefix_foreign'],
  ['284049155374537744', 'prefix_foreign'],
  ['762049155374537745', 'check_digit_wrong'],
])('%j is refused: %s', (digits, refusal) => {
  expect(refusalIn(splitCode(digits))).toBe(refusal)
})

test('any text is answered', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9]{18}$/)), (text) => {
      const split = splitCode(text)
      if (split.ok) expect(text).toMatch(/^76[0-9]{16}$/)
    }),
    { numRuns: 1_000 },
  )
})

test.each([
  [{ prefix: '7' }, 'prefix_invalid'],
  [{ prefix: '7６' }, 'prefix_invalid'],
  [{ prefix: '10' }, 'prefix_taken'],
  [{ prefix: '15' }, 'prefix_taken'],
  [{ prefix: '25' }, 'prefix_taken'],
  [{ prefix: '30' }, 'prefix_taken'],
  [{ prefix: '62' }, 'prefix_taken'],
  [{ alias: '20491553' }, 'alias_invalid'],
  [{ alias: '20491553x' }, 'alias_invalid'],
  [{ now: -1 }, 'time_invalid'],
  [{ now: Number.NaN }, 'time_invalid'],
  [{ now: Number.POSITIVE_INFINITY }, 'time_invalid'],
])('no code is made of %j: %s', async (given, refusal) => {
  expect(refusalIn(await makeCode({ alias, hmac, now: at, ...given }))).toBe(refusal)
})
