/** The table of banks and beginnings: what is found in it, and what is said of one that is wrong. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { binTable, panOf } from '../../test/bank/binding-stage.ts'
import { Secret } from '../kernel/index.ts'
import { type BinTable, isOpenIn, parseBinTable } from './bin-table.ts'

function tableOf(content: unknown): BinTable {
  const read = parseBinTable(JSON.stringify(content))
  if (!read.ok) throw new Error(read.refusal.join('\n'))
  return read.value
}

const issuerOf = (table: BinTable, pan: string) => table.issuerOf(new Secret(pan))

test('the longest beginning decides, and the length must be one of its own', () => {
  const [bank] = binTable.banks
  const bins = [
    { begins: '999001', lengths: [16, 19], kind: 'debit', bank: 'first_bank' },
    { begins: '99900155', lengths: [19], kind: 'credit', bank: 'first_bank' },
  ]
  const table = tableOf({ banks: [bank], bins })
  expect(issuerOf(table, panOf('999001', 1, 16))).toEqual({
    ...{ bank: 'first_bank', kind: 'debit', binLength: 6 },
  })
  expect(issuerOf(table, panOf('99900155', 1))).toMatchObject({ kind: 'credit', binLength: 8 })
  expect(issuerOf(table, panOf('99900155', 1, 16))).toBeUndefined()
  expect(issuerOf(table, panOf('999002', 1))).toBeUndefined()
  expect(issuerOf(table, '9990')).toBeUndefined()
})

test('a bank is open everywhere, in its regions, or nowhere', () => {
  const table = tableOf(binTable)
  const isOpen = (bank: string, region: string) => {
    const terms = table.termsOf(bank)
    return terms && isOpenIn(terms, region)
  }
  expect([isOpen('first_bank', '440000'), isOpen('second_bank', '110101')]).toEqual([true, true])
  expect([isOpen('second_bank', '440000'), isOpen('shut_bank', '110000')]).toEqual([false, false])
  expect(isOpen('no_bank', '110000')).toBeUndefined()
})

describe('a table that is wrong is refused, with what is wrong', () => {
  const [bank] = binTable.banks
  const [bin] = binTable.bins
  test.each<[string, unknown, string]>([
    ['a bank twice', { banks: [bank, bank], bins: [] }, 'a bank is named twice'],
    ['a beginning twice', { banks: [bank], bins: [bin, bin] }, 'a beginning is named twice'],
    ['a bank that is not there', { banks: [], bins: [bin] }, '999001 is of first_bank, which is'],
    [
      'a length no card has',
      { banks: [bank], bins: [{ ...bin, lengths: [20] }] },
      'bins.0.lengths.0: must be 13 to 19',
    ],
    [
      'a beginning that is too short',
      { banks: [bank], bins: [{ ...bin, begins: '99' }] },
      'bins.0.begins: must be 6 to 10 digits',
    ],
    [
      'an amount with a point',
      { banks: [{ ...bank, dayLimit: { debit: '10.5', credit: null } }], bins: [] },
      'banks.0.dayLimit.debit: must be fen',
    ],
    ['a word too many', { banks: [], bins: [], more: 1 }, 'more'],
  ])('%s', (_, content, complaint) => {
    expect(parseBinTable(JSON.stringify(content))).toEqual({
      ...{ ok: false, refusal: [expect.stringContaining(complaint)] },
    })
  })

  test.each(['', 'null', '{'])('%j is no table', (text) => {
    expect(parseBinTable(text)).toEqual({ ok: false, refusal: ['the BIN table is not JSON'] })
  })
})

test('the table that is shipped and the one in the documentation are sound, and name nobody real', () => {
  const root = join(import.meta.dirname, '../../..')
  const shipped = readFileSync(join(root, 'server/data/bins.json'), 'utf8')
  const page = readFileSync(join(root, 'docs/reference/bin-table.md'), 'utf8')
  const [, example = ''] = /```json\n(.*?)```/s.exec(page) ?? []
  for (const text of [shipped, example]) {
    expect(parseBinTable(text)).toMatchObject({ ok: true })
    const { bins } = JSON.parse(text) as { bins: { begins: string }[] }
    // Beginnings with 9 are for national use, and these are given to no bank.
    expect(bins.every(({ begins }) => begins.startsWith('9990'))).toBe(true)
  }
})
