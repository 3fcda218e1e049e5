/**
 * The daily statement of a merchant: a pure function of rows that no longer change, so that it can be
 * made again at any time, byte for byte. Its hash is remembered the first time and compared ever after.
 */
import { createHash } from 'node:crypto'
import type { Database } from '../db/index.ts'
import { assert, type BusinessDate, type BusinessTime } from '../kernel/index.ts'
import { type FileTotals, layoutNow, layoutOf, type StatementFormat, signed } from './format.ts'
import type { StatementLine } from './line.ts'
import { daysOf, layoutVersionOf, linesOf, rememberStatement } from './store.ts'

export interface WrittenStatement {
  /** `6021.20260912.txt` */
  readonly name: string
  readonly sha256: string
  /** `not_ready`: the day is not closed; the file says so in its header. */
  readonly status: 'closed' | 'not_ready'
}

export interface Statement extends WrittenStatement {
  readonly bytes: Uint8Array
}

export interface StatementOrder {
  readonly merchantId: string
  readonly date: BusinessDate
  readonly format: StatementFormat
  readonly now: number
}

/** The whole of it, for those who hold it in memory anyway. */
export async function produceStatement(
  db: Database,
  time: BusinessTime,
  order: StatementOrder,
): Promise<Statement> {
  const chunks: Uint8Array[] = []
  const written = await writeStatement(db, time, { ...order, write: (it) => chunks.push(it) })
  return { ...written, bytes: Buffer.concat(chunks) }
}

/**
 * Piece by piece, so that a day of millions needs no more memory than one of hundreds. What was
 * written counts only when this answers: it throws when the statement is not what it was before.
 */
export async function writeStatement(
  db: Database,
  time: BusinessTime,
  order: StatementOrder & { readonly write: (chunk: Uint8Array) => unknown },
): Promise<WrittenStatement> {
  const { merchantId, date, format } = order
  const name = `${merchantId}.${date.replaceAll('-', '')}${format === 'v3' ? '' : '.native'}.txt`
  const hash = createHash('sha256')
  const write = (text: string) => {
    const chunk = layout.encode(text)
    hash.update(chunk)
    order.write(chunk)
  }
  const { closedThrough } = await daysOf(db)
  const isClosed = closedThrough !== null && date <= closedThrough
  const version = isClosed ? await layoutVersionOf(db, date) : layoutNow
  const layout = layoutOf(format, version)
  write(layout.header(merchantId, date, isClosed))
  if (!isClosed) {
    write(layout.emptyTrailer(merchantId, date))
    return { name, sha256: hash.digest('hex'), status: 'not_ready' }
  }
  let totals = nothing
  await db.snapshot(async (reader) => {
    for await (const page of linesOf(reader, time, { merchantId, date })) {
      let text = ''
      for (const line of page) {
        const written = layout.line(line)
        if (written === undefined) continue
        text += written
        totals = withLine(totals, line)
      }
      write(text)
    }
  })
  write(layout.trailer(merchantId, date, totals))
  const sha256 = hash.digest('hex')
  const made = { merchantId, date, format, lines: totals.count, total: totals.sum, sha256 }
  const first = await db.transact((tx) => rememberStatement(tx, made, order.now))
  assert(first === sha256, `the statement of ${merchantId} for ${date} is not what it was`)
  return { name, sha256, status: 'closed' }
}

const none = { count: 0n, sum: 0n }
const nothing: FileTotals = { ...none, bySource: { phone_bill: none, card: none, wallet: none } }

function withLine(totals: FileTotals, line: StatementLine): FileTotals {
  const { source } = line
  const plus = ({ count, sum }: { count: bigint; sum: bigint }) => ({
    count: count + 1n,
    sum: sum + signed(line),
  })
  const bySource = { ...totals.bySource, [source]: plus(totals.bySource[source]) }
  return { ...plus(totals), bySource }
}
