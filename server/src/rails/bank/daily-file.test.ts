/** The daily file: what is written is read, and what was changed on the way is refused with its line. */
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BankFileRow, exchangeKey } from '../../bank-cards/index.ts'
import { readDailyFile } from './daily-file-reader.ts'
import { writeDailyFile } from './daily-file-writer.ts'
import { createFileReader, dailyFileName, folderSource } from './file-folder.ts'

const head = { bank: 'first_bank', date: '2026-02-05' }
const keyAt = (number: number) =>
  `${String(number).padStart(6, '0')}02051022410001484276300014427900`

const example: readonly BankFileRow[] = [
  { key: keyAt(1), kind: 'purchase', amount: 123_00n, fee: 12n, state: 'done' },
  { key: keyAt(2), kind: 'refund', amount: 50_00n, fee: 0n, state: 'done', original: keyAt(1) },
  { key: keyAt(3), kind: 'credit', amount: 7n, fee: -3n, state: 'accepted' },
]

const text = `H|first_bank|20260205|3|12300|5000
${keyAt(1)}|purchase|12300|12|done|
${keyAt(2)}|refund|5000|0|done|${keyAt(1)}
${keyAt(3)}|credit|7|-3|accepted|
`
const signed = (above: string) =>
  Buffer.from(
    `${above}T|${above.split('\n').length - 2}|${createHash('sha256').update(above).digest('hex')}\n`,
  )

async function read(octets: Uint8Array, piece = octets.length || 1) {
  const rows: BankFileRow[] = []
  function* pieces() {
    for (let at = 0; at < octets.length; at += piece) yield octets.subarray(at, at + piece)
  }
  const result = await readDailyFile(pieces(), (row) => void rows.push(row))
  return { rows, result }
}

const problemIn = async (above: string) => {
  const { result } = await read(signed(above))
  return result.ok ? 'accepted' : `${result.refusal.line} ${result.refusal.code}`
}

test('a file is these octets', () => {
  const written = writeDailyFile(head, example)
  expect(written.ok && Buffer.from(written.value).toString()).toBe(signed(text).toString())
})

test('the example of the documentation is a file, but for its hash', async () => {
  const page = join(import.meta.dirname, '../../../../docs/reference/bank-file.md')
  const [, example = ''] =
    /```\n(H\|[^`]+)T\|3\|<sha256>\n```/.exec(await readFile(page, 'utf8')) ?? []
  const { result } = await read(signed(example))
  expect(result).toMatchObject({ ok: true, value: { count: 3, debit: 123_00n, credit: 50_00n } })
})

test('a file of no rows is a file', async () => {
  const written = writeDailyFile(head, [])
  const { result } = await read(written.ok ? written.value : new Uint8Array())
  expect(result).toMatchObject({ ok: true, value: { count: 0, debit: 0n, credit: 0n } })
})

test.each([
  ['a count that is wrong', text.replace('|3|', '|4|'), '5 count_differs'],
  ['more rows than counted', text.replace('|3|', '|2|'), '4 more_rows_than_counted'],
  ['a debit that is wrong', text.replace('|12300|5000', '|12301|5000'), '5 debit_differs'],
  ['a credit that is wrong', text.replace('|12300|5000', '|12300|5001'), '5 credit_differs'],
  ['a row twice', text.replace(`${keyAt(3)}|`, `${keyAt(1)}|`), '4 key_twice'],
  ['no header', text.slice(text.indexOf('\n') + 1), '1 header_missing'],
  ['another bank name', text.replace('first_bank', 'First'), '1 bank_malformed'],
  ['a day that is none', text.replace('0205|', '0230|'), '1 date_malformed'],
  ['a kind that is none', text.replace('credit', 'debit'), '4 kind_unknown'],
  ['a state that is none', text.replace('accepted', 'lost'), '4 state_unknown'],
  ['an amount with zeros in front', text.replace('|7|', '|07|'), '4 amount_malformed'],
  ['an amount below nothing', text.replace('|7|', '|-7|'), '4 amount_malformed'],
  ['a fee of minus nothing', text.replace('|0|done', '|-0|done'), '3 fee_malformed'],
  [
    'a key that is too short',
    text.replace(`${keyAt(3)}|`, `${keyAt(3).slice(1)}|`),
    '4 key_malformed',
  ],
  ['a refund of nothing', text.replace(`done|${keyAt(1)}`, 'done|'), '3 original_malformed'],
  [
    'a purchase of something',
    text.replace('done|\n', `done|${keyAt(9)}\n`),
    '2 original_malformed',
  ],
  ['a field too many', text.replace('accepted|', 'accepted||'), '4 fields_not_six'],
  ['an empty line', text.replace('\n', '\n\n'), '2 fields_not_six'],
  ['a line that is too long', `${text}${'9'.repeat(300)}\n`, '5 line_too_long'],
])('%s is refused, with its line', async (_, above, problem) => {
  expect(await problemIn(above)).toBe(problem)
})

test.each([
  ['no trailer', text, '5 trailer_missing'],
  ['a line that is not ended', signed(text).toString().slice(0, -1), '5 line_not_ended'],
  ['another hash', `${text}T|3|${'0'.repeat(64)}\n`, '5 hash_differs'],
  ['a line after the trailer', `${signed(text)}x\n`, '6 line_after_trailer'],
  ['nothing', '', '1 trailer_missing'],
  ['a line without end', 'x'.repeat(1_000), '1 line_too_long'],
])('%s is refused', async (_, whole, problem) => {
  const { result } = await read(Buffer.from(whole))
  expect(result.ok ? '' : `${result.refusal.line} ${result.refusal.code}`).toBe(problem)
})

test('what the reader would refuse is not written', () => {
  const [first, second] = example
  if (!first || !second) throw new Error('no example')
  const refusals = [
    [first, { ...first }],
    [first, { ...second, original: 'x' }],
    [{ ...first, amount: -1n }],
  ].map((rows) => {
    const written = writeDailyFile(head, rows)
    return written.ok ? 'written' : `${written.refusal.line} ${written.refusal.code}`
  })
  expect(refusals).toEqual(['3 key_twice', '3 original_malformed', '2 amount_malformed'])
  expect(writeDailyFile({ ...head, bank: 'a|b' }, [])).toMatchObject({ ok: false })
})

const anyRow = fc
  .record({
    kind: fc.constantFrom('purchase', 'credit', 'refund', 'void', 'reversal'),
    amount: fc.bigInt({ min: 0n, max: 999_999_999_999n }),
    fee: fc.bigInt({ min: -99_999n, max: 99_999n }),
    state: fc.constantFrom('done', 'accepted', 'refused'),
  })
  .map(
    (row): Omit<BankFileRow, 'key'> => ({
      ...row,
      ...(['refund', 'void', 'reversal'].includes(row.kind) && { original: keyAt(999_999) }),
    }),
  ) as fc.Arbitrary<Omit<BankFileRow, 'key'>>
const anyRows = fc
  .array(anyRow, { maxLength: 12 })
  .map((rows): BankFileRow[] => rows.map((row, index) => ({ ...row, key: keyAt(index) })))

test('what is written is read, in pieces of any size', async () => {
  await fc.assert(
    fc.asyncProperty(anyRows, fc.integer({ min: 1, max: 400 }), async (rows, piece) => {
      const written = writeDailyFile(head, rows)
      const { result, rows: back } = await read(
        written.ok ? written.value : new Uint8Array(),
        piece,
      )
      expect(back).toEqual(rows)
      expect(result).toMatchObject({ ok: true, value: { ...head, count: rows.length } })
    }),
    { numRuns: 100 },
  )
})

test('a file with any octet changed, left out or added is refused', async () => {
  const octets = signed(text)
  const refused = async (changed: Uint8Array) => expect((await read(changed)).result.ok).toBe(false)
  for (let at = 0; at < octets.length; at += 1) {
    await refused(octets.map((octet, index) => (index === at ? octet ^ 1 : octet)))
    await refused(Buffer.concat([octets.subarray(0, at), octets.subarray(at + 1)]))
  }
  await fc.assert(
    fc.asyncProperty(
      fc.nat(octets.length),
      fc.uint8Array({ minLength: 1, maxLength: 3 }),
      async (at, added) => {
        const changed = Buffer.concat([octets.subarray(0, at), added, octets.subarray(at)])
        await refused(changed)
      },
    ),
    { numRuns: 200 },
  )
})

test('files come from a folder, and one of another day or bank is not taken', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bank-files-'))
  try {
    const put = (name: string) => writeFile(join(folder, name), signed(text))
    await put(dailyFileName('first_bank', '2026-02-05'))
    await put(dailyFileName('first_bank', '2026-02-06'))
    await put(dailyFileName('second_bank', '2026-02-05'))
    const files = createFileReader('first_bank', folderSource(folder))
    const rows: BankFileRow[] = []
    expect(await files.read('2026-02-05', (row) => void rows.push(row))).toMatchObject({
      ...{ outcome: 'done', summary: { count: 3, debit: 123_00n, credit: 50_00n } },
    })
    expect(rows).toEqual(example)
    expect(await files.read('2026-02-06', () => {})).toEqual({
      ...{ outcome: 'refused', problem: { code: 'other_date', line: 1 } },
    })
    expect(await files.read('2026-02-07', () => {})).toEqual({ outcome: 'absent' })
    const second = createFileReader('second_bank', folderSource(folder))
    expect(await second.read('2026-02-05', () => {})).toMatchObject({
      problem: { code: 'other_bank' },
    })
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('an exchange has its key', () => {
  const exchange = {
    stan: 1,
    transmittedAt: '0205102241',
    acquirer: '14842763',
    forwarder: '14427900',
  }
  expect(exchangeKey(exchange)).toBe(keyAt(1))
})
