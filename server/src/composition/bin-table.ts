/** The table of banks and their cards, from the file the operator names or the one that is shipped. */
import { readFileSync } from 'node:fs'
import { type BinTable, parseBinTable } from '../bank-cards/index.ts'
import { binTableFile, type Config } from '../config/index.ts'

/** Throws with every fault of the file, a line each. */
export function openBinTable({ binTable }: Pick<Config, 'binTable'>): BinTable {
  const file = binTable ?? binTableFile
  const read = parseBinTable(readFileSync(file, 'utf8'))
  if (!read.ok) throw new Error([`BIN_TABLE ${file} is not usable:`, ...read.refusal].join('\n'))
  return read.value
}
