/** Where the BIN table comes from. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openBinTable } from './bin-table.ts'

test('without a file of the operator the shipped one counts; a wrong one is named with its faults', () => {
  expect(openBinTable({ binTable: null }).termsOf('first_bank')).toMatchObject({ open: true })
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-bins-'))
  try {
    const file = join(folder, 'bins.json')
    const bank = {
      name: 'our_bank',
      zh: '本行',
      en: 'Ours',
      dayLimit: { debit: '1', credit: null },
    }
    writeFileSync(file, JSON.stringify({ banks: [bank], bins: [] }))
    const table = openBinTable({ binTable: file })
    expect([table.termsOf('our_bank')?.en, table.termsOf('first_bank')]).toEqual([
      'Ours',
      undefined,
    ])
    writeFileSync(file, JSON.stringify({ banks: [bank, bank], bins: [] }))
    expect(() => openBinTable({ binTable: file })).toThrow(/bins\.json.*\n.*named twice/)
    expect(() => openBinTable({ binTable: join(folder, 'none') })).toThrow('ENOENT')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
