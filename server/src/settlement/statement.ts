/**
 * The daily statement of a merchant: a pure function of rows that no longer change, so that it can be
 * made again at any time, byte for byte. Its hash is remembered the first time and compared ever after.
 */
import { createHash } from 'node:crypto'
import type { Database } from '../db/index.ts'
import { assert, type BusinessDate, type BusinessTime } from '../kernel/index.ts'
import { layouts, type StatementFormat, signed } from './format.ts'
import { daysOf, linesOf, rememberStatement } from './store.ts'

export interface Statement {
  /** `6021.20260912.txt` */
  readonly name: string
  readonly bytes: Uint8Array
  readonly sha256: string
  /** `not_ready`: the day is not closed; the file says so in its header. */
  readonly status: 'closed' | 'not_ready'
}

export interface StatementOrder {
  readonly merchantId: string
  readonly date: BusinessDate
  readonly format: StatementFormat
  readonly now: number
}

export async function produceStatement(
  db: Database,
  time: BusinessTime,
  order: StatementOrder,
): Promise<Statement> {
  const { merchantId, date, format } = order
  const layout = layouts[format]
  const name = `${merchantId}.${date.replaceAll('-', '')}${format === 'v3' ? '' : '.native'}.txt`
  const { closedThrough } = await daysOf(db)
  if (closedThrough === null || date > closedThrough) {
    const text = layout.header(merchantId, date, false) + layout.trailer(merchantId, date, -1n, -1n)
    const bytes = layout.encode(text)
    return { name, bytes, sha256: hash([bytes]), status: 'not_ready' }
  }
  let count = 0n
  let sum = 0n
  const chunks = [layout.encode(layout.header(merchantId, date, true))]
  for await (const lines of linesOf(db, time, { merchantId, date })) {
    let text = ''
    for (const line of lines) {
      const written = layout.line(line)
      if (written === undefined) continue
      text += written
      count += 1n
      sum += signed(line)
    }
    chunks.push(layout.encode(text))
  }
  chunks.push(layout.encode(layout.trailer(merchantId, date, count, sum)))
  const sha256 = hash(chunks)
  const made = { merchantId, date, format, lines: count, total: sum, sha256 }
  const first = await db.transact((tx) => rememberStatement(tx, made, order.now))
  assert(first === sha256, `the statement of ${merchantId} for ${date} is not what it was`)
  return { name, bytes: Buffer.concat(chunks), sha256, status: 'closed' }
}

function hash(chunks: readonly Uint8Array[]): string {
  const sha = createHash('sha256')
  for (const chunk of chunks) sha.update(chunk)
  return sha.digest('hex')
}
