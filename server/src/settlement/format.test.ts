/** The two layouts of the daily statement, byte for byte (example 27 of the domain). */
import { describe, expect, test } from 'vitest'
import { type FileTotals, type LayoutVersion, layoutOf, signed } from './format.ts'
import type { StatementLine } from './line.ts'

const line = (more: Partial<StatementLine>): StatementLine => ({
  kind: 'sale',
  merchantId: '6021',
  goods: '150',
  msisdn: '+8613900010001',
  orderId: 'A20260912000001',
  orderedOn: '2026-09-12',
  postedOn: '2026-09-12',
  postedTime: '101531',
  amount: 15_00n,
  source: 'phone_bill',
  settleOn: '2026-09-12',
  region: '110000',
  refundId: '',
  ...more,
})
/** The three payments of section 10: two of them once, one a monthly plan that settles ten days later. */
const three = [
  line({}),
  line({
    goods: '020',
    msisdn: '+8613900010003',
    orderId: 'A20260912000002',
    amount: 2_00n,
    region: '220000',
  }),
  line({
    goods: '602101',
    msisdn: '+8613900010002',
    orderId: 'A20260912000003',
    orderedOn: '2026-09-11',
    amount: 10_00n,
    settleOn: '2026-09-22',
    region: '430000',
  }),
]

const tally = (format: 'v3' | 'native', lines: readonly StatementLine[]) => {
  const counted = lines.filter((one) => layoutOf(format, 1).line(one) !== undefined)
  return { count: BigInt(counted.length), sum: counted.reduce((sum, one) => sum + signed(one), 0n) }
}
const file = (
  format: 'v3' | 'native',
  lines: readonly StatementLine[],
  version: LayoutVersion = 2,
) => {
  const layout = layoutOf(format, version)
  const of = (source: StatementLine['source']) =>
    tally(
      format,
      lines.filter((one) => one.source === source),
    )
  const bySource = { phone_bill: of('phone_bill'), card: of('card'), wallet: of('wallet') }
  const totals: FileTotals = { ...tally(format, lines), bySource }
  return (
    layout.header('6021', '2026-09-12', true) +
    lines.map((one) => layout.line(one) ?? '').join('') +
    layout.trailer('6021', '2026-09-12', totals)
  )
}

describe('the older layout', () => {
  test('is the printed file of the domain, in GB18030 with CRLF', () => {
    const expected = [
      'TRADEDETAIL-START,6021,20260912,3.0,0000,生成对账文件成功',
      '6021,150,13900010001,A20260912000001,20260912,20260912,1500,02,3,20260912,0,1,010',
      '6021,020,13900010003,A20260912000002,20260912,20260912,200,02,3,20260912,0,1,431',
      '6021,602101,13900010002,A20260912000003,20260911,20260912,1000,02,3,20260922,0,1,731',
      'TRADEDETAIL-END,6021,20260912,3,2700',
      '',
    ].join('\r\n')
    const text = file('v3', three)
    expect(text).toBe(expected)
    const bytes = layoutOf('v3', 2).encode(text)
    expect(new TextDecoder('gb18030').decode(bytes)).toBe(expected)
    // 生成 in GB18030; UTF-8 would begin with E7.
    expect(Buffer.from(bytes).includes(Buffer.from([0xc9, 0xfa, 0xb3, 0xc9]))).toBe(true)
    expect(
      Buffer.from(bytes)
        .toString('latin1')
        .match(/(?<!\r)\n/),
    ).toBeNull()
  })

  test('what settles on the day itself is two lines and 17.00', () => {
    const sameDay = three.filter((one) => one.settleOn === '2026-09-12')
    expect(file('v3', sameDay)).toContain('TRADEDETAIL-END,6021,20260912,2,1700\r\n')
  })

  test('a file that is not ready says so in its header and counts nothing', () => {
    const { header, emptyTrailer } = layoutOf('v3', 2)
    expect(header('6021', '2026-09-12', false) + emptyTrailer('6021', '2026-09-12')).toBe(
      'TRADEDETAIL-START,6021,20260912,3.0,0001,对帐文件暂时不存在\r\nTRADEDETAIL-END,6021,20260912,-1,-1\r\n',
    )
  })

  test('a day without trades has a header, a trailer and nothing in between', () => {
    expect(file('v3', [])).toMatch(
      /0000,生成对账文件成功\r\nTRADEDETAIL-END,6021,20260912,0,0\r\n$/,
    )
  })

  test('it knows no refunds, and their amounts are not in its sum', () => {
    const text = file('v3', [...three, line({ kind: 'refund', refundId: 'R1' })])
    expect(text).toBe(file('v3', three))
  })

  test('area codes are written without their zero, except Beijing’s; unknown regions are empty', () => {
    const code = (region: string) =>
      layoutOf('v3', 2).line(line({ region }))?.trimEnd().split(',').at(-1)
    expect(['110000', '310000', '440000', '220000', '000000', ''].map(code)).toEqual([
      '010',
      '21',
      '20',
      '431',
      '',
      '',
    ])
  })
})

describe('who paid', () => {
  const both = [
    line({}),
    line({ source: 'card', amount: 40_00n, orderId: 'C1' }),
    line({ source: 'card', amount: 5_00n, orderId: 'C1', kind: 'refund', refundId: 'R1' }),
  ]
  const columns = (text: string) =>
    text
      .split('\r\n')
      .slice(1, -2)
      .map((row) => row.split(',').slice(7, 9).join())

  test('is in each line of both formats, and in the sums of the native one', () => {
    expect(columns(file('v3', both))).toEqual(['02,3', '01,1'])
    expect(columns(file('native', both))).toEqual(['02,CARRIER', '01,CARD', '01,CARD'])
    expect(file('native', both)).toContain(
      'TRADEDETAIL-END,6021,20260912,3,5000,CARRIER,1,1500,CARD,2,3500,WALLET,0,0\r\n',
    )
    expect(file('v3', both)).toContain('TRADEDETAIL-END,6021,20260912,2,5500\r\n')
  })

  test('is not said in the layout of days that were closed before it was', () => {
    expect(columns(file('v3', both, 1))).toEqual(['02,3', '02,3'])
    const text = file('native', both, 1)
    expect(columns(text)).toEqual(['02,CARRIER', '02,CARRIER', '02,CARRIER'])
    expect(text).toMatch(/^TRADEDETAIL-START,6021,20260912,4\.0,0000,ok\r\n/)
    expect(text).toMatch(/TRADEDETAIL-END,6021,20260912,3,5000\r\n$/)
  })
})

describe('the native layout', () => {
  test('has sales and refunds, with a sum that may be below zero', () => {
    const text = file('native', [
      line({}),
      line({ kind: 'refund', refundId: 'R1', postedTime: '120000' }),
      line({ kind: 'refund', refundId: 'R2', amount: 3_00n, postedTime: '120001' }),
    ])
    expect(text).toBe(
      [
        'TRADEDETAIL-START,6021,20260912,4.1,0000,ok',
        '6021,150,13900010001,A20260912000001,20260912,20260912,1500,02,CARRIER,20260912,01,1,0,110000,,101531',
        '6021,150,13900010001,A20260912000001,20260912,20260912,1500,02,CARRIER,20260912,20,1,0,110000,R1,120000',
        '6021,150,13900010001,A20260912000001,20260912,20260912,300,02,CARRIER,20260912,20,1,0,110000,R2,120001',
        'TRADEDETAIL-END,6021,20260912,3,-300,CARRIER,3,-300,CARD,0,0,WALLET,0,0',
        '',
      ].join('\r\n'),
    )
    for (const row of text.trimEnd().split('\r\n').slice(1, -1))
      expect(row.split(',')).toHaveLength(16)
  })

  test('it is UTF-8', () => {
    expect(layoutOf('native', 2).encode('单')).toEqual(new TextEncoder().encode('单'))
  })
})

test.each(['v3', 'native'] as const)(
  'in %s no value can move a column or break a line',
  (format) => {
    const columns = format === 'v3' ? 13 : 16
    const row = layoutOf(format, 2).line(line({ orderId: 'a,b\r\nc,d', goods: '1,0' })) ?? ''
    expect(row.endsWith('\r\n')).toBe(true)
    expect(row.slice(0, -2)).not.toMatch(/[\r\n]/)
    expect(row.trimEnd().split(',')).toHaveLength(columns)
    expect(row).toContain('a，b c，d')
  },
)
