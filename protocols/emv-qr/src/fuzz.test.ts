/** Texts that are no code, or nearly one: nothing throws, and what is accepted says all that they said. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyApplication, anyCommonData, anyMerchantCode, sealed, valueIn } from '../test/codes.ts'
import { makeConsumerCode, readConsumerCode } from './consumer/code.ts'
import { consumerTemplate } from './consumer/data.ts'
import { describeConsumerCode } from './consumer/describe.ts'
import { describeMerchantCode } from './merchant/describe.ts'
import { makeMerchantCode } from './merchant/make.ts'
import { readMerchantCode } from './merchant/read.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...'0123456', '最', '\ud83c', '😀', '6304'), maxLength: 60 }),
)

/** A text that could be made, with a few characters changed, and a checksum that is right or not. */
const spoiltMerchantText = fc
  .tuple(
    anyMerchantCode.map(makeMerchantCode).filter((made) => made.ok),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'0129', 'x', '最')), { maxLength: 3 }),
    fc.boolean(),
  )
  .map(([made, changes, isSealed]) => {
    const characters = Array.from(valueIn(made))
    for (const [at, character] of changes) characters[at % characters.length] = character
    return isSealed ? sealed(characters.slice(0, -8).join('')) : characters.join('')
  })

test('no text makes the reader of merchants’ codes fail, and accepted ones are made the same', () => {
  let accepted = 0
  fc.assert(
    fc.property(fc.oneof(anyText, spoiltMerchantText), (text) => {
      const read = readMerchantCode(text)
      if (!read.ok) {
        expect(read.refusal.code).toMatch(/^(code|object(_[0-9]{2}|_02-51)+)_[a-z_]+$/)
        expect(read.refusal.at).toBeLessThanOrEqual(Array.from(text).length)
        return
      }
      accepted += 1
      const { code, departures } = read.value
      describeMerchantCode(code)
      const made = makeMerchantCode(code)
      expect(made.ok ? made.value : made.refusal).toEqual(departures[0] ?? text)
    }),
    { numRuns: 1_000 },
  )
  expect(accepted).toBeGreaterThan(50)
})

test('a merchant’s code that can be made is read as what it was made of', () => {
  let made = 0
  fc.assert(
    fc.property(anyMerchantCode, (code) => {
      const text = makeMerchantCode(code)
      if (!text.ok) {
        expect(text.refusal.reason).toBe('too_long')
        return
      }
      made += 1
      expect(valueIn(readMerchantCode(text.value))).toEqual({ code, departures: [] })
    }),
    { numRuns: 500 },
  )
  expect(made).toBeGreaterThan(200)
})

test('data objects may come in any order, and are made in the order they came in', () => {
  let shuffled = 0
  fc.assert(
    fc.property(anyMerchantCode, fc.infiniteStream(fc.nat()), (code, chance) => {
      if (!makeMerchantCode(code).ok) return
      const ids = '01 02 10 26 27 40 51 52 53 54 55 56 57 58 59 60 61 62 64 65 70 80 90 99'.split(
        ' ',
      )
      const ranked = ids.map((id) => ({ id, rank: chance.next().value ?? 0 }))
      const order = ['00', ...ranked.toSorted((a, b) => a.rank - b.rank).map(({ id }) => id)]
      const text = valueIn(makeMerchantCode({ ...code, order }))
      const read = valueIn(readMerchantCode(text)).code
      if (read.order !== undefined) shuffled += 1
      expect(valueIn(makeMerchantCode(read))).toBe(text)
    }),
    { numRuns: 200 },
  )
  expect(shuffled).toBeGreaterThan(50)
})

const anyConsumerObjects = fc
  .tuple(fc.array(anyApplication, { minLength: 1, maxLength: 2 }), fc.option(anyCommonData))
  .map(([applications, common]) => ({
    applications,
    ...(common === null ? {} : { common }),
    objects: [
      ...applications.map((data) => valueIn(consumerTemplate('61', data))),
      ...(common === null ? [] : [valueIn(consumerTemplate('62', common))]),
    ],
  }))

test('a consumer’s code that can be made is read as what it was made of', () => {
  let made = 0
  fc.assert(
    fc.property(anyConsumerObjects, (code) => {
      const text = makeConsumerCode(code.objects)
      if (!text.ok) {
        expect(text.refusal.code).toBe('code_too_long')
        return
      }
      made += 1
      expect(valueIn(readConsumerCode(text.value))).toEqual(code)
    }),
    { numRuns: 500 },
  )
  expect(made).toBeGreaterThan(100)
})

/** Octets of a code that could be made, with some bits changed or cut short. */
const spoiltConsumerText = fc
  .tuple(
    anyConsumerObjects.map(({ objects }) => makeConsumerCode(objects)).filter((made) => made.ok),
    fc.array(fc.tuple(fc.nat(), fc.nat(7)), { maxLength: 2 }),
    fc.constantFrom(0, 0, 1, 5),
  )
  .map(([made, flips, cut]) => {
    const octets = Buffer.from(valueIn(made), 'base64')
    for (const [at, bit] of flips) {
      const place = at % octets.length
      octets[place] = (octets[place] ?? 0) ^ (1 << bit)
    }
    return octets.subarray(0, octets.length - cut).toString('base64')
  })

test('no text makes the reader of consumers’ codes fail, and accepted ones are made the same', () => {
  let accepted = 0
  const anyOctets = fc.uint8Array({ maxLength: 60 }).map((it) => Buffer.from(it).toString('base64'))
  fc.assert(
    fc.property(fc.oneof(anyText, anyOctets, spoiltConsumerText), (text) => {
      const read = readConsumerCode(text)
      if (!read.ok) {
        expect(read.refusal.code).toMatch(/^(code|object(_[0-9A-F]{2,6})+)_[a-z_]+$/)
        expect(read.refusal.at).toBeLessThanOrEqual(text.length)
        return
      }
      accepted += 1
      describeConsumerCode(read.value)
      expect(valueIn(makeConsumerCode(read.value.objects))).toBe(text)
    }),
    { numRuns: 1_000 },
  )
  expect(accepted).toBeGreaterThan(50)
})
