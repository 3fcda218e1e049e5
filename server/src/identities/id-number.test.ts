import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { birthDateOf, isIdNumber, normalIdNumber } from './id-number.ts'
import { isPersonName, maskedIdNumber, maskedName, normalName } from './person-name.ts'

const now = Date.UTC(2026, 10, 28, 4)
/** The example of the standard itself. */
const published = '11010519491231002X'

/** The check character worked out from the congruence of ISO/IEC 7064, not from the table of the code. */
function complete(first17: string): string {
  const characters = '0123456789X'
  const fits = [...characters].filter((check) => {
    const values = [...first17, check].map((each) => characters.indexOf(each))
    return values.reduce((sum, value, at) => sum + value * 2 ** (17 - at), 0) % 11 === 1
  })
  return first17 + fits.join('')
}

describe('GB 11643', () => {
  test('the published number is valid', () => {
    expect(isIdNumber(published, now)).toBe(true)
    expect(birthDateOf(published)).toBe('1949-12-31')
    expect(complete(published.slice(0, 17))).toBe(published)
  })

  test('every change of a single character of it is refused', () => {
    const changed = [...published].flatMap((character, at) =>
      [...'0123456789X']
        .filter((other) => other !== character)
        .map((other) => published.slice(0, at) + other + published.slice(at + 1)),
    )
    expect(changed).toHaveLength(180)
    expect(changed.filter((number) => isIdNumber(number, now))).toEqual([])
  })

  const day = fc.date({
    min: new Date('1900-01-01T00:00:00Z'),
    max: new Date('2026-11-28T00:00:00Z'),
    noInvalidDate: true,
  })
  const number = fc
    .tuple(fc.integer({ min: 110000, max: 999999 }), day, fc.integer({ min: 0, max: 999 }))
    .map(([region, born, sequence]) => {
      const date = born.toISOString().slice(0, 10).replaceAll('-', '')
      return complete(`${region}${date}${String(sequence).padStart(3, '0')}`)
    })

  test('every number that is made so is valid, and with one digit wrong or two swapped none is', () => {
    fc.assert(
      fc.property(number, fc.nat(16), fc.integer({ min: 1, max: 9 }), (made, at, more) => {
        expect(isIdNumber(made, now)).toBe(true)
        const digit = (Number(made[at]) + more) % 10
        expect(isIdNumber(made.slice(0, at) + digit + made.slice(at + 1), now)).toBe(false)
        const [one, other] = [made[at], made[at + 1]]
        const swapped = made.slice(0, at) + other + one + made.slice(at + 2)
        expect(isIdNumber(swapped, now)).toBe(one === other)
      }),
      { numRuns: 200 },
    )
  })

  test.each([
    ['the 30th of February', complete('11010519490230002')],
    ['the 29th of February of 1900', complete('11010519000229002')],
    ['a month 13', complete('11010519491301002')],
    ['a day 0', complete('11010519491200002')],
    ['tomorrow', complete('11010520261129002')],
    ['a region that begins with 0', complete('01010519491231002')],
    ['15 digits', '110105491231002'],
    ['19 digits', `${published}0`],
    ['a small x', '11010519491231002x'],
    ['an X in the middle', '1101051949123X0021'],
    ['a line more', `${published}\n`],
    ['nothing', ''],
  ])('%s is refused', (_, refused) => {
    expect(isIdNumber(refused, now)).toBe(false)
  })

  test('born today in China counts while it is still yesterday in London', () => {
    const today = complete('11010520261129002')
    expect(isIdNumber(today, Date.UTC(2026, 10, 28, 15, 59))).toBe(false)
    expect(isIdNumber(today, Date.UTC(2026, 10, 28, 16, 0))).toBe(true)
    expect(isIdNumber(complete('11010520000229002'), now)).toBe(true)
  })

  test('what people type is brought into its form', () => {
    expect(normalIdNumber(' 110105 19491231 002x ')).toBe(published)
    expect(normalIdNumber('１１０１０５１９４９１２３１００２Ｘ')).toBe(published)
  })
})

describe('names', () => {
  test.each([
    ['张三', '*三'],
    ['欧阳小明', '***明'],
    ['李', '*李'],
    ['买买提·艾力', '*****力'],
    ['𠮷田', '*田'],
    ['John Smith', 'J*** S***'],
    ['Jo', 'J***'],
    ['Émile Ørsted', 'É*** Ø***'],
  ])('%s is shown as %s', (name, shown) => {
    expect(isPersonName(name)).toBe(true)
    expect(maskedName(name)).toBe(shown)
  })

  test('a document shows its first and last character', () => {
    expect(maskedIdNumber(published)).toBe('1****************X')
  })

  test.each([
    ['张 三', '张三'],
    ['买买提•艾力', '买买提·艾力'],
    ['买买提 ・ 艾力', '买买提·艾力'],
    ['ＪＯＨＮ  smith ', 'John Smith'],
    ['O’Brien', "O'Brien"],
  ])('%s and %s are one name', (one, other) => {
    expect(normalName(one)).toBe(normalName(other))
  })

  test.each([
    ['张三', '张山'],
    ['John Smith', 'Smith John'],
    ['JohnSmith', 'John Smith'],
  ])('%s and %s are two', (one, other) => {
    expect(normalName(one)).not.toBe(normalName(other))
  })

  test.each(['', ' ', '张3', '13800138000', '<b>', '张\n三', '·', 'x'.repeat(65)])(
    '%j is no name',
    (name) => {
      expect(isPersonName(name)).toBe(false)
    },
  )
})
