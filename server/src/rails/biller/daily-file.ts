/**
 * The daily file of a biller: UTF-8, every line ended by a line feed, fields parted by `|`, money in fen.
 *
 *     H|power|2026-09-12|2|17280
 *     019a…c1|8640|R00000001
 *     019a…c2|8640|R00000002
 *     T|2|<SHA-256 of everything above, as 64 digits 0-9 a-f>
 *
 * Header: biller, day, number of payments, their sum. A payment stands in the file of the day on which it was
 * written off, unless it was taken back on that day. One content has one form; the first wrong line refuses it all.
 */
import { createHash } from 'node:crypto'
import type { BillerFile, FileRow } from '../../billers/index.ts'
import { accept, type Result, refuse } from '../../kernel/index.ts'

/** A day has less; a longer file is no file of ours. */
const rowsMax = 200_000

/** A word says what is wrong. */
export function readDailyFile(content: Uint8Array, biller: string): Result<BillerFile, string> {
  const text = decode(content)
  if (text === undefined) return refuse('not_utf8')
  if (!text.endsWith('\n')) return refuse('line_not_ended')
  const lines = text.slice(0, -1).split('\n')
  const header = /^H\|([a-z0-9_]+)\|(\d{4}-\d\d-\d\d)\|(0|[1-9]\d{0,5})\|(0|[1-9]\d{0,14})$/.exec(
    lines[0] ?? '',
  )
  if (!header) return refuse('header_missing')
  const [, code, date = '', count = '', amount = ''] = header
  if (code !== biller) return refuse('other_biller')
  const last = lines.at(-1) ?? ''
  const above = text.slice(0, text.length - last.length - 1)
  if (last !== `T|${count}|${createHash('sha256').update(above).digest('hex')}`)
    return refuse('trailer_differs')
  const read = lines.slice(1, -1).map(readRow)
  const rows = read.filter((row) => row !== undefined)
  if (rows.length !== read.length) return refuse('row_malformed')
  if (rows.length > rowsMax || String(rows.length) !== count) return refuse('count_differs')
  if (new Set(rows.map(({ paymentNo }) => paymentNo)).size !== rows.length)
    return refuse('payment_twice')
  const sum = rows.reduce((all, row) => all + row.amount, 0n)
  return sum.toString() === amount ? accept({ date, rows }) : refuse('amount_differs')
}

function readRow(line: string): FileRow | undefined {
  const row = /^([A-Za-z0-9-]{1,64})\|([1-9]\d{0,11})\|([A-Za-z0-9_.-]{1,40})$/.exec(line)
  if (!row) return undefined
  const [, paymentNo = '', amount = '', receiptNo = ''] = row
  return { paymentNo, amount: BigInt(amount), receiptNo }
}

function decode(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    return undefined
  }
}
