import fc from 'fast-check'
import { expect, test } from 'vitest'
import { holdsCardNumber, maskCardNumbers } from './card-number.ts'

test.each([
  ['4111111111111111', '411111******1111'],
  ['pay 4111 1111 1111 1111, please', 'pay 411111******1111, please'],
  ['6222-0212-3456-7890-128', '622202*********0128'],
  ['9558 8200 0000 0000 006', '955882*********0006'],
  ['卡号6228480402564890018谢谢', '卡号622848*********0018谢谢'],
  ['378282246310005', '378282*****0005'],
  ['4222222222222', '422222***2222'],
  ['"5555555555554444"', '"555555******4444"'],
])('%s is masked', (text, masked) => expect(maskCardNumbers(text)).toBe(masked))

test.each([
  '4111111111111112',
  '1794787200123',
  '1065800886021907',
  '26091212345',
  'CH4111111111111111',
  '01890000-4111-1111-8111-111111111111',
  '41111111111111111111',
  '13800138000',
])('%s is left alone', (text) => expect(holdsCardNumber(text)).toBe(false))

test('a number with its right check digit is never let through, with a wrong one never touched', () => {
  const body = fc.tuple(
    fc.constantFrom('4', '51', '62', '2221', '6011'),
    fc.stringMatching(/^\d{11}$/),
  )
  fc.assert(
    fc.property(body, ([start, rest]) => {
      const front = (start + rest).slice(0, 12)
      const all = Array.from({ length: 10 }, (_, digit) => `${front}${digit}`.padEnd(13, '0'))
      expect(all.filter(holdsCardNumber)).toHaveLength(1)
    }),
  )
})
