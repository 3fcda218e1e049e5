/**
 * The two formats of the daily statement (对账单, M-5). `v3` is the one merchants of the older interface
 * read: 13 columns, GB18030, sales only. `native` has 16 columns, UTF-8, sales and refunds. Both end
 * every line with CRLF and close with the count of lines and their sum in fen.
 *
 * Each exists in two layouts. A day keeps the one it was closed with: layout 1 does not say who paid, layout 2
 * does in each line, and the native one in its trailer too.
 */
import iconv from 'iconv-lite'
import { type BusinessDate, national } from '../kernel/index.ts'
import { type Source, sources } from '../payments/index.ts'
import type { StatementLine } from './line.ts'
import { areaCodeOf } from './region.ts'

export type StatementFormat = 'v3' | 'native'

export const layoutVersions = [1, 2] as const
export type LayoutVersion = (typeof layoutVersions)[number]
/** What days are closed with from now on. */
export const layoutNow: LayoutVersion = 2

/** Lines of a file, and their sum in fen. */
export interface Tally {
  readonly count: bigint
  readonly sum: bigint
}
export interface FileTotals extends Tally {
  readonly bySource: Readonly<Record<Source, Tally>>
}

export interface Layout {
  /** First line. `ready` false: the day is not closed yet. */
  header(merchantId: string, date: BusinessDate, ready: boolean): string
  /** Undefined when a line of this kind does not appear in the layout. */
  line(line: StatementLine): string | undefined
  trailer(merchantId: string, date: BusinessDate, totals: FileTotals): string
  /** Of a day that is not closed. */
  emptyTrailer(merchantId: string, date: BusinessDate): string
  encode(text: string): Uint8Array
}

const plain = (date: BusinessDate) => date.replaceAll('-', '')
/** A comma inside a value would move every column after it: it becomes a full-width one. */
const value = (text: string) => text.replaceAll(',', '，').replace(/[\r\n]+/g, ' ')
const row = (columns: readonly (string | bigint)[]) =>
  `${columns.map((column) => value(String(column))).join(',')}\r\n`

/** Kind of amount, and who paid: what layout 1 says of everything, and layout 2 of the phone bill. */
const paidBy: Readonly<Record<StatementFormat, Record<Source, readonly [string, string]>>> = {
  v3: { phone_bill: ['02', '3'], card: ['01', '1'], wallet: ['03', '2'] },
  native: { phone_bill: ['02', 'CARRIER'], card: ['01', 'CARD'], wallet: ['03', 'WALLET'] },
}
const payerOf = (format: StatementFormat, version: LayoutVersion, { source }: StatementLine) =>
  paidBy[format][version === 1 ? 'phone_bill' : source]

const shortTrailer = (merchantId: string, date: BusinessDate, { count, sum }: Tally) =>
  row(['TRADEDETAIL-END', merchantId, plain(date), count, sum])
const emptyTrailer = (merchantId: string, date: BusinessDate) =>
  shortTrailer(merchantId, date, { count: -1n, sum: -1n })

const v3 = (version: LayoutVersion): Layout => ({
  header: (merchantId, date, ready) =>
    row([
      'TRADEDETAIL-START',
      merchantId,
      plain(date),
      '3.0',
      ready ? '0000' : '0001',
      ready ? '生成对账文件成功' : '对帐文件暂时不存在',
    ]),
  line: (line) =>
    line.kind === 'sale'
      ? row([
          line.merchantId,
          line.goods,
          national(line.msisdn),
          line.orderId,
          plain(line.orderedOn),
          plain(line.postedOn),
          line.amount,
          ...payerOf('v3', version, line),
          plain(line.settleOn),
          '0',
          '1',
          areaCodeOf(line.region),
        ])
      : undefined,
  trailer: shortTrailer,
  emptyTrailer,
  encode: (text) => iconv.encode(text, 'gb18030'),
})

const native = (version: LayoutVersion): Layout => ({
  header: (merchantId, date, ready) =>
    row([
      'TRADEDETAIL-START',
      merchantId,
      plain(date),
      version === 1 ? '4.0' : '4.1',
      ready ? '0000' : '0001',
      ready ? 'ok' : 'not ready',
    ]),
  line: (line) =>
    row([
      line.merchantId,
      line.goods,
      national(line.msisdn),
      line.orderId,
      plain(line.orderedOn),
      plain(line.postedOn),
      line.amount,
      ...payerOf('native', version, line),
      plain(line.settleOn),
      line.kind === 'sale' ? '01' : '20',
      '1',
      '0',
      line.region,
      line.refundId,
      line.postedTime,
    ]),
  trailer: version === 1 ? shortTrailer : trailerBySource,
  emptyTrailer,
  encode: (text) => new TextEncoder().encode(text),
})

const trailerBySource: Layout['trailer'] = (merchantId, date, { count, sum, bySource }) =>
  row([
    ...['TRADEDETAIL-END', merchantId, plain(date), count, sum],
    ...sources.flatMap((source) => [paidBy.native[source][1], ...tallyOf(bySource[source])]),
  ])
const tallyOf = ({ count, sum }: Tally) => [count, sum]

const layouts = { v3, native }

export const layoutOf = (format: StatementFormat, version: LayoutVersion): Layout =>
  layouts[format](version)

/** What a line adds to the sum of the trailer. */
export const signed = (line: StatementLine): bigint =>
  line.kind === 'sale' ? line.amount : -line.amount
