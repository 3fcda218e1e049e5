import { expect, test } from 'vitest'
import { refusalIn, valueIn } from '../../test/codes.ts'
import { makeConsumerCode, readConsumerCode } from './code.ts'
import { type ConsumerData, consumerTemplate } from './data.ts'

const base64Of = (hex: string) => Buffer.from(hex, 'hex').toString('base64')
const octets = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))

/** A consumer's code of two applications, with a card and a cryptogram for both of them. */
const twoApplications =
  'hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MWETTwegAAAAZmZmUAhQcm9kdWN0MmJJWggSNFZ4kBI0WF8gDkNBUkRI' +
  'T0xERVIvRU1WXy0IcnVlc2RlZW5kIZ8QBwYBCgMAAACfJghYT9OF+iNLzJ82AgABnzcEbVjvEw=='

test('a code of two applications is read and made again', () => {
  const code = valueIn(readConsumerCode(twoApplications))
  expect(code.applications).toEqual([
    { aid: 'A0000000555555', label: 'Product1' },
    { aid: 'A0000000666666', label: 'Product2' },
  ])
  expect(code.common).toEqual({
    pan: '1234567890123458',
    cardholderName: 'CARDHOLDER/EMV',
    languages: 'ruesdeen',
    others: [
      {
        tag: '64',
        value: [
          { tag: '9F10', value: octets('06010A03000000') },
          { tag: '9F26', value: octets('584FD385FA234BCC') },
          { tag: '9F36', value: octets('0001') },
          { tag: '9F37', value: octets('6D58EF13') },
        ],
      },
    ],
  })
  expect(valueIn(makeConsumerCode(code.objects))).toBe(twoApplications)

  const templates = [...code.applications, code.common ?? {}].map((data, at) =>
    valueIn(consumerTemplate(at < 2 ? '61' : '62', data)),
  )
  expect(valueIn(makeConsumerCode(templates))).toBe(twoApplications)
})

test('every field has its own way of writing', () => {
  const data: ConsumerData = {
    aid: 'A000000333010102',
    label: 'Debit',
    track2: '6263600100713672=23122010000018801',
    pan: '6263600100713672123',
    cardholderName: 'ZHANG/SAN',
    languages: 'zhen',
    issuerUrl: 'https://bank.example',
    applicationVersion: '0096',
    tokenRequestorId: '40012345678',
    paymentAccountReference: 'V0010013821193500154901862123',
    panLastDigits: '0042',
  }
  const template = valueIn(consumerTemplate('61', data))
  const hexOf = (tag: string) => {
    const values = template.value instanceof Uint8Array ? [] : template.value
    const value = values.find((it) => it.tag === tag)?.value
    return value instanceof Uint8Array ? Buffer.from(value).toString('hex').toUpperCase() : ''
  }
  expect(hexOf('4F')).toBe('A000000333010102')
  expect(hexOf('50')).toBe('4465626974')
  expect(hexOf('57')).toBe('6263600100713672D23122010000018801')
  expect(hexOf('5A')).toBe('6263600100713672123F')
  expect(hexOf('5F2D')).toBe('7A68656E')
  expect(hexOf('9F08')).toBe('0096')
  expect(hexOf('9F19')).toBe('040012345678')
  expect(hexOf('9F25')).toBe('0042')
  const read = valueIn(readConsumerCode(valueIn(makeConsumerCode([template]))))
  expect(read.applications).toEqual([data])
})

const version = '85054350563031'
const application = '61094F07A0000000555555'
const applicationWith = (hex: string) =>
  `61${(9 + hex.length / 2).toString(16).padStart(2, '0')}4F07A0000000555555${hex}`

test.each([
  ['', 'object_85_missing at 0'],
  [application, 'object_85_missing at 0'],
  ['85', 'object_85_cut_short at 0'],
  ['8505435056', 'object_85_cut_short at 0'],
  ['85054350563032', 'object_85_bad_value at 0'],
  [version, 'object_61_missing at 7'],
  [`${version}6100`, 'object_61_empty at 7'],
  [`${version}6103500141`, 'object_61_4F_missing at 7'],
  [`${version}61`, 'object_61_cut_short at 7'],
  [`${version}6181`, 'object_61_cut_short at 7'],
  [`${version}618109${application.slice(4)}`, 'object_61_bad_length at 7'],
  [`${version}61820009${application.slice(4)}`, 'object_61_bad_length at 7'],
  [`${version}6180`, 'object_61_bad_length at 7'],
  [`${version}6183000009`, 'object_61_bad_length at 7'],
  [`${version}00`, 'code_bad_id at 7'],
  [`${version}9F`, 'code_cut_short at 7'],
  [`${version}9F8181810101`, 'code_bad_id at 7'],
  [`${version}610A${application.slice(4)}`, 'object_61_cut_short at 7'],
  [`${version}61084F07A00000005555`, 'object_61_4F_cut_short at 9'],
  [`${version}61064F04A0000000`, 'object_61_4F_bad_value at 9'],
  [`${version}${application}${version}`, 'object_85_duplicate at 18'],
  [`${version}${applicationWith('4F07A0000000555555')}`, 'object_61_4F_duplicate at 18'],
  [`${version}${applicationWith('5A0812345678901234A8')}`, 'object_61_5A_bad_value at 18'],
  [`${version}${applicationWith('5A03123456')}`, 'object_61_5A_bad_value at 18'],
  [`${version}${applicationWith('57081234567890123458')}`, 'object_61_57_bad_value at 18'],
  [`${version}${applicationWith('50020A41')}`, 'object_61_50_bad_value at 18'],
  [`${version}${applicationWith('5F2D037A6865')}`, 'object_61_5F2D_bad_value at 18'],
  [`${version}${applicationWith('9F1906140012345678')}`, 'object_61_9F19_bad_value at 18'],
  [`${version}${applicationWith('9F25020A42')}`, 'object_61_9F25_bad_value at 18'],
  [`${version}${applicationWith('63038204FF')}`, 'object_61_63_82_cut_short at 20'],
  [`${version}${application}6203820100${'6203820100'}`, 'object_62_duplicate at 23'],
])('%s is refused: %s', (hex, refusal) => {
  expect(refusalIn(readConsumerCode(base64Of(hex)))).toBe(refusal)
})

test('base64 is read only as it is written', () => {
  const text = base64Of(`${version}${application}`)
  expect(text).toMatch(/[^=]$/)
  expect(refusalIn(readConsumerCode(text))).toBe('accepted')
  expect(refusalIn(readConsumerCode(`${text}=`))).toBe(`code_bad_character at ${text.length + 1}`)
  expect(refusalIn(readConsumerCode(`${text}====`))).toBe(`code_bad_character at ${text.length}`)
  expect(refusalIn(readConsumerCode(text.slice(0, -1)))).toBe(
    `code_bad_character at ${text.length - 1}`,
  )
  expect(refusalIn(readConsumerCode(text.replace('hQ', 'h Q')))).toBe('code_bad_character at 1')
  expect(refusalIn(readConsumerCode(text.replace('hQ', 'h-')))).toBe('code_bad_character at 1')
})

test('bits behind the last octet are not read over', () => {
  // One octet is two digits and `==`; the last four bits of the second digit say nothing.
  expect(refusalIn(readConsumerCode('hQ=='))).toBe('object_85_cut_short at 0')
  expect(refusalIn(readConsumerCode('hR=='))).toBe('code_bad_character at 1')
})

test('512 characters are the most', () => {
  const withOther = (length: number) => [
    { tag: '61', value: [{ tag: '4F', value: octets('A0000000555555') }] },
    { tag: 'C1', value: new Uint8Array(length) },
  ]
  // 18 octets before it, four of its head: 384 in all are 512 characters.
  expect(valueIn(makeConsumerCode(withOther(362)))).toHaveLength(512)
  expect(refusalIn(makeConsumerCode(withOther(363)))).toBe('code_too_long at 512')
  expect(refusalIn(makeConsumerCode(withOther(70_000)))).toMatch(/^object_C1_too_long at /)
})

test('lengths of every form are read and written', () => {
  const template = { tag: '61', value: [{ tag: '4F', value: octets('A0000000555555') }] }
  for (const length of [1, 127, 128, 255, 256]) {
    const other = { tag: 'C1', value: new Uint8Array(length).fill(7) }
    const text = valueIn(makeConsumerCode([template, other]))
    expect(valueIn(readConsumerCode(text)).objects).toEqual([template, other])
  }
})

test.each([
  [[], 'object_61_missing'],
  [[{ tag: '61', value: [] }], 'object_61_empty'],
  [[{ tag: '6', value: new Uint8Array(1) }], 'code_bad_id'],
  [[{ tag: '6a', value: new Uint8Array(1) }], 'code_bad_id'],
  [[{ tag: '9F', value: new Uint8Array(1) }], 'code_bad_id'],
  [[{ tag: '4F01', value: new Uint8Array(1) }], 'code_bad_id'],
  [[{ tag: '61', value: new Uint8Array(3) }], 'object_61_bad_id'],
  [[{ tag: '61', value: [{ tag: '4F', value: new Uint8Array(0) }] }], 'object_61_4F_empty'],
])('no code is made of %j: %s', (objects, refusal) => {
  expect(refusalIn(makeConsumerCode(objects))).toMatch(new RegExp(`^${refusal} at `))
})

test.each([
  [{ aid: 'a0000000555555' }, 'object_61_4F_bad_value'],
  [{ pan: '62636001007136721234' }, 'object_61_5A_bad_value'],
  [{ pan: '6263 6001' }, 'object_61_5A_bad_value'],
  [{ track2: '6263600100713672' }, 'object_61_57_bad_value'],
  [{ label: '银联' }, 'object_61_50_bad_value'],
  [{ label: 'x'.repeat(17) }, 'object_61_50_bad_value'],
  [{ tokenRequestorId: '4001234567' }, 'object_61_9F19_bad_value'],
  [{ panLastDigits: '42' }, 'object_61_9F25_bad_value'],
])('no template is made of %j: %s', (data, refusal) => {
  expect(refusalIn(consumerTemplate('61', data))).toBe(`${refusal} at 0`)
})
