/**
 * The carrier's answer to a charging file: `CHA_<carrier>_<yyyymmdd>_<nnn>.txt`, same form.
 *
 *     H|CHA|CMCC|20260912|001|1.0|20260913120000
 *     D|1|CH202609120000000001|0
 *     D|2|CH202609120000000002|1302
 *     T|2|1|1|<SHA-256 of the lines above, with their line feeds>
 *
 * Every line of the file is either understood or returned as a problem with its whole text: nothing
 * is lost. A file with a problem is kept and shown to people, and never applied in part.
 */
import { createHash } from 'node:crypto'

export type ChargingAnswerProblemCode =
  | 'not_utf8'
  | 'line_malformed'
  | 'unknown_line_type'
  | 'seq_out_of_order'
  | 'charge_twice'
  | 'header_missing'
  | 'header_not_first'
  | 'trailer_missing'
  | 'line_after_trailer'
  | 'counts_differ'
  | 'checksum_differs'
  | 'last_line_unfinished'
  | 'file_too_long'
  | 'another_file'
  | 'charge_not_in_file'
  | 'charge_without_answer'

/** `line` counts from 1 and is 0 when the problem is the file's; `text` is the line as it was. */
export interface ChargingAnswerProblem {
  readonly code: ChargingAnswerProblemCode
  readonly line: number
  readonly text: string
}

export interface ChargingAnswerRow {
  readonly line: number
  readonly seq: number
  readonly chargeId: string
  /** Null when the carrier agrees, else a reason of four digits. */
  readonly reason: string | null
}

export interface ChargingAnswerHead {
  readonly carrier: string
  /** yyyymmdd and 1 to 999 of the charging file that is answered. */
  readonly date: string
  readonly number: number
  /** yyyymmddhhmmss in the carrier's zone. */
  readonly madeAt: string
}

export interface ChargingAnswer {
  readonly head: ChargingAnswerHead | null
  readonly rows: readonly ChargingAnswerRow[]
  /** Empty: the file may be applied. */
  readonly problems: readonly ChargingAnswerProblem[]
}

const bytesMax = 64 * 1024 * 1024
const lineFeed = 0x0a

/** Reads a file as it came. Never throws. */
export function parseChargingAnswer(bytes: Uint8Array): ChargingAnswer {
  if (bytes.length > bytesMax) {
    const problem = { code: 'file_too_long', line: 0, text: `${bytes.length} bytes` } as const
    return { head: null, rows: [], problems: [problem] }
  }
  const reader = createReader()
  const hash = createHash('sha256')
  let start = 0
  for (let line = 1; start < bytes.length; line += 1) {
    const feed = bytes.indexOf(lineFeed, start)
    const end = feed < 0 ? bytes.length : feed
    const { text, isUtf8 } = decode(bytes.subarray(start, end))
    if (!isUtf8) reader.complain('not_utf8', line, text)
    else reader.read(text, line, () => hash.copy().digest('hex'))
    if (feed < 0) reader.complain('last_line_unfinished', line, text)
    hash.update(bytes.subarray(start, end + 1))
    start = end + 1
  }
  return reader.finish()
}

/** The lines read so far, and what is wrong with them. */
function createReader() {
  const rows: ChargingAnswerRow[] = []
  const problems: ChargingAnswerProblem[] = []
  const seen = new Set<string>()
  let head: ChargingAnswerHead | null = null
  let isEnded = false
  let details = 0
  const complain = (code: ChargingAnswerProblemCode, line: number, text: string) => {
    problems.push({ code, line, text })
  }
  const readHead = (text: string, line: number) => {
    const read = headOf(text)
    if (!read) return complain('line_malformed', line, text)
    if (line !== 1) return complain('header_not_first', line, text)
    head = read
  }
  const readRow = (text: string, line: number) => {
    details += 1
    const row = rowOf(text, line)
    if (!row) return complain('line_malformed', line, text)
    if (row.seq !== details) return complain('seq_out_of_order', line, text)
    if (seen.has(row.chargeId)) return complain('charge_twice', line, text)
    seen.add(row.chargeId)
    rows.push(row)
  }
  const readTrailer = (text: string, line: number, checksum: () => string) => {
    const match = /^T\|(\d{1,7})\|(\d{1,7})\|(\d{1,7})\|([0-9a-f]{64})$/.exec(text)
    if (!match) return complain('line_malformed', line, text)
    isEnded = true
    const agreed = rows.filter((row) => row.reason === null).length
    const counts = [rows.length, agreed, rows.length - agreed]
    if (counts.some((count, index) => Number(match[index + 1]) !== count))
      complain('counts_differ', line, text)
    if (match[4] !== checksum()) complain('checksum_differs', line, text)
  }
  return {
    complain,
    read(text: string, line: number, checksum: () => string) {
      if (isEnded) complain('line_after_trailer', line, text)
      else if (text.startsWith('D|')) readRow(text, line)
      else if (text.startsWith('H|')) readHead(text, line)
      else if (text.startsWith('T|')) readTrailer(text, line, checksum)
      else complain('unknown_line_type', line, text)
    },
    finish(): ChargingAnswer {
      if (!head) complain('header_missing', 0, '')
      if (!isEnded) complain('trailer_missing', 0, '')
      return { head, rows, problems }
    },
  }
}

/**
 * Compares an answer with the file it answers: the same carrier, date and number, and one row for
 * each charge. Problems to add to those of `parseChargingAnswer`.
 */
export function compareChargingAnswer(
  sent: {
    readonly carrier: string
    /** yyyy-mm-dd. */
    readonly date: string
    readonly number: number
    /** In the order of the file, so that the first has seq 1. */
    readonly chargeIds: readonly string[]
  },
  answer: ChargingAnswer,
): ChargingAnswerProblem[] {
  const { head, rows } = answer
  const problems: ChargingAnswerProblem[] = []
  const isOther =
    head?.carrier !== sent.carrier ||
    head.date !== sent.date.replaceAll('-', '') ||
    head.number !== sent.number
  if (isOther) problems.push({ code: 'another_file', line: head ? 1 : 0, text: nameOf(head) })
  const open = new Set(sent.chargeIds)
  for (const { line, seq, chargeId } of rows) {
    const isOurs = sent.chargeIds[seq - 1] === chargeId && open.delete(chargeId)
    if (!isOurs) problems.push({ code: 'charge_not_in_file', line, text: chargeId })
  }
  for (const chargeId of open)
    problems.push({ code: 'charge_without_answer', line: 0, text: chargeId })
  return problems
}

const nameOf = (head: ChargingAnswerHead | null): string =>
  head ? `${head.carrier} ${head.date} ${head.number}` : ''

function headOf(text: string): ChargingAnswerHead | undefined {
  const match = /^H\|CHA\|([A-Z0-9]{2,8})\|(\d{8})\|(\d{3})\|1\.0\|(\d{14})$/.exec(text)
  if (!match) return undefined
  const [, carrier = '', date = '', number = '', madeAt = ''] = match
  return { carrier, date, number: Number(number), madeAt }
}

function rowOf(text: string, line: number): ChargingAnswerRow | undefined {
  const match = /^D\|([1-9]\d{0,6})\|(CH\d{18})\|(0|\d{4})$/.exec(text)
  if (!match) return undefined
  const [, seq = '', chargeId = '', reason = ''] = match
  return { line, seq: Number(seq), chargeId, reason: reason === '0' ? null : reason }
}

/** Bytes that are no UTF-8 are shown one character for each byte, so that none is lost. */
function decode(bytes: Uint8Array): { text: string; isUtf8: boolean } {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    return { text: decoder.decode(bytes), isUtf8: true }
  } catch {
    return { text: Buffer.from(bytes).toString('latin1'), isUtf8: false }
  }
}
