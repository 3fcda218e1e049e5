/** A bank's file: what is right is read with its defaults, what is wrong is said in one line each. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, iso87Ascii } from '@telepurse/iso8583'
import { expect, test } from 'vitest'
import { configOf, plainConfig } from '../../../test/bank/stage.ts'
import { parseBankConfig, specOf } from './config.ts'

const problemsIn = (config: unknown) => {
  const read = parseBankConfig(JSON.stringify(config))
  return read.ok ? [] : read.refusal
}

test('the example of the documentation is a configuration', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/reference/bank-link.md'))
  const [, example = ''] = /```json\n([^`]+)```/.exec(page.toString()) ?? []
  expect(parseBankConfig(example)).toMatchObject({ ok: true, value: { name: 'first_bank' } })
})

test('what is left out has its default', () => {
  expect(configOf()).toMatchObject({
    zone: 'Asia/Shanghai',
    currency: '156',
    hours: [],
    cards: { perNumberMax: 5 },
    mac: { algorithm: 'retail', padding: 1 },
    pin: { keptBy: 'bank', format: 0, control: '2600000000000000' },
    connection: { connections: 1, window: 16, connectMs: 10_000 },
    messages: { managementType: '0820' },
  })
})

const { messages, connection, acceptor } = plainConfig

test.each<[string, object, string]>([
  ['a name', { name: 'First Bank' }, 'name must be 2 to 32 of a-z, 0-9 and _'],
  ['a code', { acquirer: '12a' }, 'acquirer must be 6 to 11 digits'],
  ['a zone', { zone: 'Mars/Olympus' }, 'zone must be a time zone of the IANA list'],
  [
    'a port',
    { connection: { ...connection, port: 70_000 } },
    'connection.port must be a whole number from 1 to 65535',
  ],
  [
    'a window',
    { connection: { ...connection, window: 0 } },
    'connection.window must be a whole number from 1 to 1000',
  ],
  [
    'a flavour',
    { messages: { ...messages, flavour: 'unionpay_pos' } },
    'messages.flavour must be iso87_ascii, iso87_bcd or unionpay_host',
  ],
  [
    'an attribute',
    { messages: { ...messages, fields: { 60: 'ans 1000' } } },
    'messages.fields.60 must be an attribute as ans..25',
  ],
  [
    'a needed field',
    { messages: { ...messages, fields: { 11: null } } },
    'messages.fields must keep 11',
  ],
  [
    'a constant for octets',
    { messages: { ...messages, constants: { all: { 52: 'x' } } } },
    'messages.constants 52 is no text field of this bank',
  ],
  [
    'a constant that does not fit',
    { messages: { ...messages, constants: { all: { 70: '12' } } } },
    'messages cannot be written: field_70_length_differs',
  ],
  [
    'a header',
    { messages: { ...messages, header: { destination: '1' } } },
    'messages.header must name source',
  ],
  [
    'a name that the flavour cannot write',
    { messages: { flavour: 'iso87_ascii' } },
    'messages cannot be written: field_43_bad_character',
  ],
  [
    'hours',
    { hours: [{ days: [1], from: '22:00', to: '06:00' }] },
    'hours.0 must end after it begins: write a night as two',
  ],
  [
    'a day',
    { hours: [{ days: [0], from: '22:00', to: '23:00' }] },
    'hours.0.days.0 must be a whole number from 1 to 7',
  ],
  [
    'a MAC',
    { mac: { algorithm: 'md5' } },
    'mac.algorithm must be cbc, retail, cmac or unionpay_ecb',
  ],
  [
    'a category',
    { acceptor: { ...acceptor, category: '1' } },
    'acceptor.category must be 4 to 4 digits',
  ],
])('%s that is wrong is named', (_, change, problem) => {
  expect(problemsIn({ ...plainConfig, ...change })).toEqual([problem])
})

test('all problems come at once, and text that is no JSON is one', () => {
  expect(problemsIn({ ...plainConfig, name: '', acquirer: '', mac: {} })).toHaveLength(3)
  expect(problemsIn({ ...plainConfig, hobby: 1 })[0]).toContain('hobby')
  expect(problemsIn({ ...plainConfig, pin: { keptBy: 'me' } })).toHaveLength(1)
  const read = parseBankConfig('{')
  expect(read).toEqual({ ok: false, refusal: ['the file is not JSON'] })
})

test('a bank can differ in its fields, its lengths and its code, and not in what may be printed', () => {
  const config = configOf({
    acceptor: { ...acceptor, name: 'Hall' },
    mac: { algorithm: 'cbc', form: 'hex' },
    messages: {
      ...{ flavour: 'iso87_ascii', header: {}, constants: {} },
      ...{ lengthCountsItself: true, fields: { 60: 'ans...030', 59: null } },
    },
  })
  const spec = specOf(config)
  expect(spec.frame).toEqual({ ...iso87Ascii.frame, countsItself: true, octetsMax: 9_995 })
  expect(spec.mac.form).toBe('hex')
  expect(spec.fields[59]).toBeUndefined()
  expect(spec.fields[60]?.length).toMatchObject({ max: 30 })
  const shown = describe(spec, { header: {}, mti: '0200', fields: { 60: 'secret', 61: 'secret' } })
  expect(shown.join()).not.toContain('secret')
  expect(
    problemsIn({ ...plainConfig, messages: { ...messages, fields: { 61: { mask: 'shown' } } } }),
  ).toHaveLength(1)
})
