import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyMessage, octets, specs } from '../test/messages.ts'
import { describe, maskedPan } from './describe.ts'
import { deriveSpec } from './spec/spec.ts'
import { unionPayHost } from './specs/unionpay-host.ts'
import { unionPayPos } from './specs/unionpay-pos.ts'
import { readTlvs } from './tlv.ts'

const pan = '6212142600000000167'

test('a purchase is told line by line', () => {
  const lines = describe(unionPayHost, {
    mti: '0200',
    fields: {
      2: pan,
      3: '000000',
      4: '000000000123',
      14: '2903',
      35: `${pan}=2903220493903112`,
      43: '中国移动营业厅',
      52: octets('6650CB51C0EA55AF'),
      55: octets('9F2701805A08621214260000001F5F24032903319A03250205'),
      61: '01110101199003078515                 CUP123',
      102: '6222020200012345678',
      128: octets('3830414639394439'),
    },
  })
  expect(lines).toEqual([
    '0200 unionpay_host',
    '2 pan 621214*********0167',
    '3 processing_code 000000',
    '4 amount_transaction 000000000123',
    '14 expiration_date ••••',
    '35 track_2 621214*********0167••••',
    '43 card_acceptor_name_location 中国移动营业厅',
    '52 pin_data ••••',
    '55 icc_data 9F27=80 5A=(8 octets) 5F24=(3 octets) 9A=250205',
    '61 reserved_61 (43 characters)',
    '102 account_1 ••••5678',
    '128 mac 3830414639394439',
  ])
})

const pins = octets('A1B2C3D4E5F60718')
const keys = octets('C1C2C3C4C5C6C7C8D1D2D3D4D5D6D7D8')

test('no card number, PIN block, security code or key is in what is told', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 13, maxLength: 19 })
  fc.assert(
    fc.property(digits, (card) => {
      const fields = {
        2: card,
        35: `${card}=EXPIRY`,
        36: `99${card}=156156`,
        43: `to ${card} with thanks`.slice(0, 40),
        45: `B${card}^LI/LEI^EXPIRY`,
        48: octets(`4E4B${Buffer.from(keys).toString('hex')}`),
        52: pins,
        55: octets(`57139F10${Buffer.from(card.slice(0, 17).padEnd(17, 'D')).toString('hex')}`),
        61: `CVN2 C9V8 ${card}`,
        62: keys,
        96: pins,
        102: card,
      }
      for (const spec of [unionPayHost, unionPayPos]) {
        const text = describe(spec, { mti: '0200', fields }).join('\n')
        // Not even eleven digits of it in a row.
        for (let at = 0; at + 11 <= card.length; at += 1)
          expect(text).not.toContain(card.slice(at, at + 11))
        for (const secret of [pins, keys])
          expect(text.toLowerCase()).not.toContain(Buffer.from(secret).toString('hex').slice(0, 12))
        expect(text).not.toContain('C9V8')
        expect(text).not.toContain('EXP')
      }
    }),
  )
})

test.each([
  ['6224242900000113', '622424******0113'],
  ['622424290000011', '622424*****0011'],
  ['62242429000001', '**********0001'],
  ['62242429', '****2429'],
  ['6224242', '*******'],
  ['', ''],
])('the card number %s is told as %s', (card, told) => {
  expect(maskedPan(card)).toBe(told)
})

test('a specification says how a field is told, and a peer cannot write lines of its own', () => {
  const spec = deriveSpec(unionPayHost, {
    fields: { 37: { mask: 'secret' }, 60: { mask: 'shown', name: 'terminal_data' } },
  })
  const fields = { 37: '144082020078', 60: 'a\nforged line\u2028b\u001b[31m', 65: 'x' }
  expect(describe(spec, { mti: '0200', fields })).toEqual([
    '0200 unionpay_host',
    '37 retrieval_reference_number ••••',
    '60 terminal_data a?forged line?b?[31m',
    '65 unknown (1 characters)',
  ])
})

test.each(specs.map((spec) => [spec.name, spec] as const))(
  '%s: every message can be told',
  (_, spec) => {
    fc.assert(
      fc.property(anyMessage(spec), (message) => {
        const lines = describe(spec, message)
        expect(lines).toHaveLength(1 + Object.keys(message.fields).length)
        expect(lines.join('')).not.toMatch(/\p{Cc}/u)
      }),
      { numRuns: 100 },
    )
  },
)

test.each([
  ['9F2608AABBCCDDEEFF00119F2701805F2A020156', ['9F26', '9F27', '5F2A']],
  [`70${'8180'}${'00'.repeat(128)}`, ['70']],
  [`70820100${'00'.repeat(256)}`, ['70']],
  ['DF81290100', ['DF8129']],
  ['', []],
  ['9F26', undefined],
  ['9F2608AABB', undefined],
  ['9F', undefined],
  ['7080', undefined],
  ['7083000001AA', undefined],
  ['708201', undefined],
])('%#: chip data are split into tags, or not at all', (hex, tags) => {
  expect(readTlvs(octets(hex))?.map((it) => it.tag)).toEqual(tags)
})
