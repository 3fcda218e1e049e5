/**
 * Reads a daily file as it comes, in pieces of any size, holding one line and the keys. Rows are handed on
 * before the end has been seen: only the answer says whether the file is whole. The first wrong line ends it.
 */
import { createHash } from 'node:crypto'
import type { BankFileProblem, BankFileRow, BankFileSummary } from '../../bank-cards/index.ts'
import { accept, type Result, refuse } from '../../kernel/index.ts'
import { createTally, type FileHeader, readHeader, readRow } from './daily-file.ts'

type OnRow = (row: BankFileRow) => void | Promise<void>

/** No line of ours is longer. */
const lineOctetsMax = 256
const lineFeed = 0x0a

export async function readDailyFile(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  onRow: OnRow,
): Promise<Result<BankFileSummary, BankFileProblem>> {
  const reader = createReader()
  let rest: Uint8Array = new Uint8Array()
  for await (const chunk of chunks) {
    const octets = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let from = 0
    for (let end = octets.indexOf(lineFeed); end >= 0; end = octets.indexOf(lineFeed, from)) {
      const row = reader.line(octets.subarray(from, end + 1))
      if (typeof row === 'string') return refuse(reader.problem(row))
      if (row) await onRow(row)
      from = end + 1
    }
    rest = new Uint8Array(octets.subarray(from))
    if (rest.length > lineOctetsMax) return refuse(reader.problem('line_too_long', 1))
  }
  if (rest.length > 0) return refuse(reader.problem('line_not_ended', 1))
  return reader.end()
}

function createReader() {
  const hash = createHash('sha256')
  const tally = createTally()
  let lines = 0
  let header: FileHeader | undefined
  let ended = false
  const problem = (code: string, ahead = 0): BankFileProblem => ({ code, line: lines + ahead })

  /** A row; undefined for a header or trailer; a word for what is wrong. */
  function line(octets: Uint8Array): BankFileRow | string | undefined {
    lines += 1
    if (octets.length > lineOctetsMax) return 'line_too_long'
    if (ended) return 'line_after_trailer'
    const text = Buffer.from(octets.subarray(0, -1)).toString('latin1')
    if (header && text.startsWith('T|')) return trailer(text)
    hash.update(octets)
    if (header) return row(text)
    const read = readHeader(text)
    if (typeof read === 'string') return read
    header = read
    return undefined
  }

  function trailer(text: string): string | undefined {
    ended = true
    const summary = tally.summary()
    if (text !== `T|${summary.count}|${hash.digest('hex')}`) return 'hash_differs'
    if (summary.count !== header?.count) return 'count_differs'
    if (summary.debit !== header.debit) return 'debit_differs'
    return summary.credit === header.credit ? undefined : 'credit_differs'
  }

  function row(text: string): BankFileRow | string {
    const read = readRow(text)
    if (typeof read === 'string') return read
    if (tally.has(read.key)) return 'key_twice'
    if (tally.count === header?.count) return 'more_rows_than_counted'
    tally.add(read)
    return read
  }

  function end(): Result<BankFileSummary, BankFileProblem> {
    if (!header || !ended) return refuse(problem('trailer_missing', 1))
    return accept({ bank: header.bank, date: header.date, ...tally.summary() })
  }

  return { line, problem, end }
}
