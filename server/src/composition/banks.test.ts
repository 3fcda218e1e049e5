/** The folder of banks: what is in it is read, and what is wrong is named. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { plainConfig } from '../../test/bank/stage.ts'
import { readBanks } from './banks.ts'

const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

function folderOf(files: Readonly<Record<string, object>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-banks-'))
  folders.push(folder)
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), JSON.stringify(content))
  return folder
}
const read = (files: Readonly<Record<string, object>>) =>
  readBanks({ banksFolder: folderOf(files) }).map(({ name }) => name)

test('every JSON file in it is a bank', () => {
  const files = { 'b.json': { ...plainConfig, name: 'second' }, 'a.json': plainConfig }
  expect(read({ ...files, 'notes.txt': {} })).toEqual(['first_bank', 'second'])
  expect(readBanks({ banksFolder: null })).toEqual([])
})

test.each([
  [{ 'a.json': { ...plainConfig, zone: 'Nowhere' } }, /a\.json[\s\S]*zone must be a time zone/],
  [{ 'a.json': plainConfig, 'b.json': plainConfig }, /two files in .* are of bank first_bank/],
  [{ 'a.json': { ...plainConfig, name: 'odd__bank' } }, /a\.json: name must have single _/],
])('a file that cannot be used is named', (files, problem) => {
  expect(() => read(files)).toThrow(problem)
})
