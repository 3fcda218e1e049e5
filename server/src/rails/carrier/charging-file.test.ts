import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBusinessTime } from '../../kernel/index.ts'
import { compareChargingAnswer, parseChargingAnswer } from './charging-answer.ts'
import {
  type ChargingFile,
  type ChargingRow,
  chargingFile,
  chargingFileName,
} from './charging-file.ts'

const time = createBusinessTime()
const at = (text: string) => Date.parse(`${text}+08:00`)

const row: ChargingRow = {
  chargeId: 'CH202609120000000001',
  carrierRef: 'BOSS88010001',
  msisdn: '+8613900010001',
  areaCode: '010',
  merchantId: '6021',
  goods: '150',
  feeType: 'per_use',
  informationFee: 15_00n,
  communicationFee: 0n,
  requestedAt: at('2026-09-12T10:15:30'),
  doneAt: at('2026-09-12T10:15:31'),
  state: 'charged',
}
const second: ChargingRow = {
  ...row,
  chargeId: 'CH202609120000000002',
  carrierRef: 'BOSS88010002',
  msisdn: '+8613900010002',
  areaCode: '731',
  goods: '602101',
  feeType: 'monthly',
  informationFee: 10_00n,
  requestedAt: at('2026-09-12T11:00:00'),
  doneAt: at('2026-09-12T11:00:01'),
}
const file: ChargingFile = {
  carrier: 'CMCC',
  date: '2026-09-12',
  number: 1,
  madeAt: at('2026-09-13T01:05:00'),
  rows: [row, second],
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const written = (one: ChargingFile) => {
  const result = chargingFile(one, time)
  if (!result.ok) throw new Error(JSON.stringify(result.refusal))
  return Buffer.from(result.value).toString()
}

test('the file of the specification is written to the byte', () => {
  const above = `H|CHG|CMCC|20260912|001|1.0|20260913010500
D|1|CH202609120000000001|BOSS88010001|13900010001|010|6021|150|02|1500|0|20260912101530|20260912101531|1
D|2|CH202609120000000002|BOSS88010002|13900010002|731|6021|602101|03|1000|0|20260912110000|20260912110001|1
`
  expect(written(file)).toBe(`${above}T|2|2500|0|${sha256(above)}\n`)
  expect(chargingFileName(file)).toBe('CHG_CMCC_20260912_001.txt')
})

test('an undecided charge is written with state 9 and dashes for what nobody knows', () => {
  const { doneAt: _doneAt, ...known } = row
  const unknown: ChargingRow = {
    ...known,
    carrierRef: null,
    areaCode: null,
    doneAt: null,
    state: 'unknown',
  }
  expect(written({ ...file, rows: [unknown] }).split('\n')[1]).toBe(
    'D|1|CH202609120000000001|-|13900010001|-|6021|150|02|1500|0|20260912101530|-|9',
  )
})

test('a day without charges is a file with head and trailer', () => {
  const above = 'H|CHG|CMCC|20260912|001|1.0|20260913010500\n'
  expect(written({ ...file, rows: [] })).toBe(`${above}T|0|0|0|${sha256(above)}\n`)
})

test.each<[Partial<ChargingRow>, string, string]>([
  [{ goods: '1|2' }, 'field_malformed', 'goods'],
  [{ goods: '1\n2' }, 'field_malformed', 'goods'],
  [{ goods: '1\u20282' }, 'field_malformed', 'goods'],
  [{ goods: '宝石 600' }, 'ok', ''],
  [{ goods: '' }, 'field_malformed', 'goods'],
  [{ carrierRef: 'a|b' }, 'field_malformed', 'carrierRef'],
  [{ msisdn: '13900010001' }, 'field_malformed', 'msisdn'],
  [{ merchantId: '60211' }, 'field_malformed', 'merchantId'],
  [{ areaCode: '' }, 'field_malformed', 'areaCode'],
  [{ informationFee: -1n }, 'field_malformed', 'informationFee'],
  [{ requestedAt: Number.NaN }, 'field_malformed', 'requestedAt'],
  [{ doneAt: null }, 'field_missing', 'doneAt'],
  [{ chargeId: row.chargeId }, 'charge_twice', 'chargeId'],
])('a row with %o gives %s %s', (change, code, field) => {
  const result = chargingFile({ ...file, rows: [row, { ...second, ...change }] }, time)
  if (code === 'ok') expect(result.ok).toBe(true)
  else expect(result).toEqual({ ok: false, refusal: { code, row: 2, field } })
})

test.each([
  { carrier: 'C|M' },
  { date: '20260912' },
  { number: 0 },
  { number: 1000 },
  { madeAt: -1 },
])('a head with %o is refused', (change) => {
  const result = chargingFile({ ...file, ...change }, time)
  expect(result).toMatchObject({ ok: false, refusal: { code: 'field_malformed', row: 0 } })
})

test('any goods code is written in one field of one line, or refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (goods) => {
      const result = chargingFile({ ...file, rows: [{ ...row, goods }] }, time)
      if (!result.ok) return
      const lines = Buffer.from(result.value).toString().split('\n')
      expect(lines).toHaveLength(4)
      expect(lines[1]?.split('|')).toHaveLength(14)
      expect(lines[1]?.split('|')[7]).toBe(goods)
    }),
    { numRuns: 1_000 },
  )
})

const answerAbove = `H|CHA|CMCC|20260912|001|1.0|20260913120000
D|1|CH202609120000000001|0
D|2|CH202609120000000002|1302
`
const answerText = `${answerAbove}T|2|1|1|${sha256(answerAbove)}\n`
const sent = {
  carrier: 'CMCC',
  date: '2026-09-12',
  number: 1,
  chargeIds: [row.chargeId, second.chargeId],
}
const codesOf = (text: string | Uint8Array) =>
  parseChargingAnswer(Buffer.from(text)).problems.map(({ code, line }) => [code, line])

test('an answer file is read and fits the file it answers', () => {
  const answer = parseChargingAnswer(Buffer.from(answerText))
  expect(answer).toEqual({
    head: { carrier: 'CMCC', date: '20260912', number: 1, madeAt: '20260913120000' },
    rows: [
      { line: 2, seq: 1, chargeId: row.chargeId, reason: null },
      { line: 3, seq: 2, chargeId: second.chargeId, reason: '1302' },
    ],
    problems: [],
  })
  expect(compareChargingAnswer(sent, answer)).toEqual([])
})

const lines = answerText.split('\n')
test.each<[string, string | Uint8Array, [string, number][]]>([
  [
    'empty',
    '',
    [
      ['header_missing', 0],
      ['trailer_missing', 0],
    ],
  ],
  [
    'truncated',
    lines.slice(0, 3).join('\n'),
    [
      ['last_line_unfinished', 3],
      ['trailer_missing', 0],
    ],
  ],
  ['without last line feed', answerText.slice(0, -1), [['last_line_unfinished', 4]]],
  ['twice in one', answerText + answerText, [5, 6, 7, 8].map((n) => ['line_after_trailer', n])],
  [
    'with CRLF',
    answerText.replaceAll('\n', '\r\n'),
    [1, 2, 3, 4]
      .map((n) => ['line_malformed', n] as [string, number])
      .concat([
        ['header_missing', 0],
        ['trailer_missing', 0],
      ]),
  ],
  [
    'with a byte order mark',
    `\ufeff${answerText}`,
    [
      ['unknown_line_type', 1],
      ['checksum_differs', 4],
      ['header_missing', 0],
    ],
  ],
  [
    'in another charset',
    Buffer.concat([
      Buffer.from('H|CHA|\xd6\xd0\n', 'latin1'),
      Buffer.from(lines.slice(1).join('\n')),
    ]),
    [
      ['not_utf8', 1],
      ['checksum_differs', 4],
      ['header_missing', 0],
    ],
  ],
  [
    'with a changed reason',
    answerText.replace('|1302', '|0'),
    [
      ['counts_differ', 4],
      ['checksum_differs', 4],
    ],
  ],
  [
    'with one bad line',
    answerText.replace('D|1|CH2026091200', 'D|1|CH'),
    [
      ['line_malformed', 2],
      ['counts_differ', 4],
      ['checksum_differs', 4],
    ],
  ],
])('an answer file %s is told apart', (_name, text, problems) => {
  expect(codesOf(text)).toEqual(problems)
})

test('an answer to another file, or with other charges, does not fit', () => {
  const answer = parseChargingAnswer(Buffer.from(answerText))
  const codes = (change: Partial<typeof sent>) =>
    compareChargingAnswer({ ...sent, ...change }, answer).map(({ code }) => code)
  expect(codes({ number: 2 })).toEqual(['another_file'])
  expect(codes({ date: '2026-09-11' })).toEqual(['another_file'])
  expect(codes({ chargeIds: [row.chargeId] })).toEqual(['charge_not_in_file'])
  expect(codes({ chargeIds: [...sent.chargeIds, 'CH202609120000000003'] })).toEqual([
    'charge_without_answer',
  ])
})

test('every line of any bytes is understood or returned whole', () => {
  const line = fc.oneof(
    fc.constantFrom(...lines),
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.tuple(fc.constantFrom('H|', 'D|', 'T|'), fc.string()).map((parts) => parts.join('')),
  )
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.array(line, { maxLength: 8 }).map((all) => Buffer.from(all.join('\n'))),
  )
  fc.assert(
    fc.property(bytes, (input) => {
      const answer = parseChargingAnswer(input)
      const text = Buffer.from(input).toString('latin1')
      const count = text === '' ? 0 : text.replace(/\n$/, '').split('\n').length
      const heard = new Set([
        ...answer.rows.map((one) => one.line),
        ...answer.problems.map((one) => one.line),
        ...(answer.head ? [1] : []),
      ])
      heard.delete(0)
      // A sound trailer is the one line that is neither a row nor a problem.
      const isEnded = !answer.problems.some(({ code }) => code === 'trailer_missing')
      expect(heard.size).toBeGreaterThanOrEqual(count - (isEnded ? 1 : 0))
    }),
    { numRuns: 2_000 },
  )
})

test('a file with any one byte changed has a problem', () => {
  const good = Buffer.from(answerText)
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (place, mask) => {
      const input = Uint8Array.from(good, (byte, index) => (index === place ? byte ^ mask : byte))
      expect(parseChargingAnswer(input).problems).not.toEqual([])
    }),
    { numRuns: 2_000 },
  )
})
