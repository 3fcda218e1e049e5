/** Writes a daily file. The same rows give the same octets for ever. */
import { createHash } from 'node:crypto'
import type { BankFileProblem, BankFileRow, BankFileSummary } from '../../bank-cards/index.ts'
import { accept, type Result, refuse } from '../../kernel/index.ts'
import {
  createTally,
  fileRowsMax,
  headerLine,
  readHeader,
  rowLine,
  rowProblem,
} from './daily-file.ts'

/** Refuses, naming the line, rather than write what the reader would refuse. */
export function writeDailyFile(
  { bank, date }: Pick<BankFileSummary, 'bank' | 'date'>,
  rows: readonly BankFileRow[],
): Result<Uint8Array, BankFileProblem> {
  if (rows.length > fileRowsMax) return refuse({ code: 'too_many_rows', line: 0 })
  const tally = createTally()
  for (const [index, row] of rows.entries()) {
    const code = rowProblem(row) ?? (tally.has(row.key) ? 'key_twice' : undefined)
    if (code !== undefined) return refuse({ code, line: index + 2 })
    tally.add(row)
  }
  const head = headerLine({ bank, date, ...tally.summary() })
  const problem = readHeader(head)
  if (typeof problem === 'string') return refuse({ code: problem, line: 1 })
  const above = [head, ...rows.map(rowLine)].map((line) => `${line}\n`).join('')
  const hash = createHash('sha256').update(above).digest('hex')
  return accept(Buffer.from(`${above}T|${rows.length}|${hash}\n`))
}
