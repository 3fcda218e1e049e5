/**
 * The two layouts of the daily statement (对账单, M-5). `v3` is the one merchants of the older interface
 * read: 13 columns, GB18030, sales only. `native` has 16 columns, UTF-8, sales and refunds. Both end
 * every line with CRLF and close with the count of lines and their sum in fen.
 */
import iconv from 'iconv-lite'
import { type BusinessDate, national } from '../kernel/index.ts'
import type { StatementLine } from './line.ts'
import { areaCodeOf } from './region.ts'

export type StatementFormat = 'v3' | 'native'

export interface Layout {
  /** First line. `ready` false: the day is not closed yet. */
  header(merchantId: string, date: BusinessDate, ready: boolean): string
  /** Undefined when a line of this kind does not appear in the layout. */
  line(line: StatementLine): string | undefined
  trailer(merchantId: string, date: BusinessDate, count: bigint, sum: bigint): string
  encode(text: string): Uint8Array
}

const plain = (date: BusinessDate) => date.replaceAll('-', '')
/** A comma inside a value would move every column after it: it becomes a full-width one. */
const value = (text: string) => text.replaceAll(',', '，').replace(/[\r\n]+/g, ' ')
const row = (columns: readonly (string | bigint)[]) =>
  `${columns.map((column) => value(String(column))).join(',')}\r\n`

const v3: Layout = {
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
          '02',
          '3',
          plain(line.settleOn),
          '0',
          '1',
          areaCodeOf(line.region),
        ])
      : undefined,
  trailer: (merchantId, date, count, sum) =>
    row(['TRADEDETAIL-END', merchantId, plain(date), count, sum]),
  encode: (text) => iconv.encode(text, 'gb18030'),
}

const native: Layout = {
  header: (merchantId, date, ready) =>
    row([
      'TRADEDETAIL-START',
      merchantId,
      plain(date),
      '4.0',
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
      '02',
      'CARRIER',
      plain(line.settleOn),
      line.kind === 'sale' ? '01' : '20',
      '1',
      '0',
      line.region,
      line.refundId,
      line.postedTime,
    ]),
  trailer: v3.trailer,
  encode: (text) => new TextEncoder().encode(text),
}

export const layouts: Readonly<Record<StatementFormat, Layout>> = { v3, native }

/** What a line adds to the sum of the trailer. */
export const signed = (line: StatementLine): bigint =>
  line.kind === 'sale' ? line.amount : -line.amount
