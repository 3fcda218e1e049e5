/**
 * A statement as CSV (RFC 4180) for spreadsheets: UTF-8 with its mark, CRLF, every cell quoted. What begins like a
 * formula is made text by an apostrophe, for memos and goods are other people's words; amounts are our own. A file
 * that was cut says so in its last row.
 */
import type { Line } from './line.ts'
import { cellsOf, cutText, headings, type Language } from './words.ts'

const mark = '\u{feff}'
const formula = /^[\s]*[=+\-@\t\r]/

export interface Sheet {
  readonly lines: readonly Line[]
  /** There are older ones. */
  readonly isCut: boolean
  readonly language: Language
  readonly time: (at: number) => string
}

export function csvOf({ lines, isCut, language, time }: Sheet): string {
  const rows = lines.map((line) =>
    cellsOf(line, language, time).map((cell, i) => (i === 3 || i === 4 ? cell : asText(cell))),
  )
  const blank = headings[language].slice(1).map(() => '')
  const ending = isCut ? [[cutText(lines.length, language), ...blank]] : []
  return (
    mark +
    [headings[language], ...rows, ...ending]
      .map((row) => `${row.map(quoted).join(',')}\r\n`)
      .join('')
  )
}

const asText = (cell: string) => (formula.test(cell) ? `'${cell}` : cell)
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`
