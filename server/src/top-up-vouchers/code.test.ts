import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createIds, Secret } from '../kernel/index.ts'
import { newCode, printedSerial, readCode, serialOf } from './code.ts'

const read = (text: string) => readCode(new Secret(text))?.reveal()

test('a new code is read as it is, however it is grouped, and in full-width digits', () => {
  const code = newCode(createIds()).reveal()
  expect(code).toMatch(/^\d{16}$/)
  const grouped = code.replace(/(\d{4})(?=\d)/g, '$1 ')
  const wide = [...code].map((digit) => String.fromCharCode(0xff10 + Number(digit))).join('')
  for (const typed of [code, grouped, grouped.replaceAll(' ', '-'), ` ${code}\n`, wide])
    expect(read(typed)).toBe(code)
})

test('small numbers keep their zeros', () => {
  const zeros = { random: (bytes: number) => new Uint8Array(bytes) }
  expect(newCode(zeros).reveal()).toBe('0'.repeat(16))
})

test('one wrong digit is always noticed', () => {
  const code = newCode(createIds()).reveal()
  for (let place = 0; place < 16; place += 1)
    for (let step = 1; step < 10; step += 1) {
      const digit = (Number(code[place]) + step) % 10
      expect(read(code.slice(0, place) + digit + code.slice(place + 1))).toBeUndefined()
    }
})

test('whatever is typed is a code of sixteen digits or none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (typed) => {
      expect(read(typed) ?? '0000000000000000').toMatch(/^\d{16}$/)
    }),
  )
})

test('a code is not printed', () => {
  const code = newCode(createIds())
  expect(`${code} ${JSON.stringify({ code })}`).toBe('•••• {"code":"••••"}')
})

test('a serial number has the batch and the number in it', () => {
  expect(printedSerial(serialOf(12n, 345n))).toBe('000012000345')
})
