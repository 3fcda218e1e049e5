/**
 * A statement as CSV (RFC 4180) for spreadsheets: UTF-8 with its mark, CRLF, every cell quoted. What begins like a
 * formula is made text by an apostrophe, for memos and goods are other people's words; amounts are our own.
 */
import type { Line } from './line.ts'
import { cellsOf, headings, type Language } from './words.ts'

const mark = '\u{feff}'
const formula = /^[\s]*[=+\-@\t\r]/

export function csvOf(
  lines: readonly Line[],
  language: Language,
  time: (at: number) => string,
): string {
  const rows = lines.map((line) =>
    cellsOf(line, language, time).map((cell, i) => (i === 3 || i === 4 ? cell : asText(cell))),
  )
  return (
    mark + [headings[language], ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('')
  )
}

const asText = (cell: string) => (formula.test(cell) ? `'${cell}` : cell)
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`
