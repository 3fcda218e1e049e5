// A busy moment of the demo, for looking at the page without a server. All data is invented.
import type { DemoState, LedgerEvent, Merchant, Order } from '../src/demo/state.ts'
import type { Name } from '../src/names.ts'

const name = (zh: string, en: string): Name => ({ zh, en })

const receivable = name('应收 · 星城移动', 'Receivable · Starcity Mobile')
const starGames = name('应付 · 星游', 'Payable · Star Games')
const bookBar = name('应付 · 书吧', 'Payable · Book Bar')
const feeIncome = name('手续费收入', 'Fee income')
const carrierShare = name('应付 · 运营商分成', 'Payable · carrier share')
const slot = '1065800886021907'
const minuteMs = 60_000

/** T1 as the domain writes it, so that widths and line breaks are real. */
export function askText(goods: string, yuan: string): string {
  return `星游：${goods}，${yuan}元，从话费扣。回复Y确认，30分钟内有效；回N取消。短信费0.1元/条另计。客服400-000-0106`
}

function orders(now: number): Order[] {
  const order = (ago: number, part: Omit<Order, 'at' | 'orderNo' | 'paymentId'>): Order => ({
    paymentId: `p${ago}`,
    orderNo: `SG20261123${String(ago).padStart(5, '0')}`,
    at: now - ago * minuteMs,
    ...part,
  })
  const ten = { goods: name('点卡 10 元', 'Game card 10'), amount: '1000', refunded: '0' }
  const thirty = { goods: name('点卡 30 元', 'Game card 30'), amount: '3000', refunded: '0' }
  return [
    order(1, { ...ten, msisdn: '138****8000', state: 'delivered' }),
    order(2, { ...ten, msisdn: '139****9000', state: 'charge_unknown' }),
    order(5, { ...thirty, msisdn: '139****9000', state: 'expired' }),
    order(13, {
      ...ten,
      msisdn: '137****7000',
      state: 'charge_failed',
      reason: name('号码已停机', 'line suspended'),
    }),
    order(21, { ...ten, refunded: '1000', msisdn: '138****8000', state: 'refunded' }),
    order(30, { ...thirty, msisdn: '139****9000', state: 'awaiting_confirm' }),
    order(44, { ...ten, msisdn: '139****9000', state: 'cancelled' }),
  ]
}

function events(now: number): LedgerEvent[] {
  return [
    {
      id: 'e1',
      at: now - 214,
      title: name('星游 点卡 10 元 · 扣款成功', 'Star Games, Game card 10 · charged'),
      state: 'delivered',
      pairs: [
        { debit: receivable, credit: starGames, amount: '1000', form: 'posted' },
        { debit: starGames, credit: feeIncome, amount: '50', form: 'posted' },
        { debit: starGames, credit: carrierShare, amount: '150', form: 'posted' },
      ],
    },
    {
      id: 'e2',
      at: now - 16_940,
      title: name('星游 点卡 30 元 · 已回复 Y', 'Star Games, Game card 30 · replied Y'),
      state: 'charging',
      pairs: [{ debit: receivable, credit: starGames, amount: '3000', form: 'pending' }],
    },
    {
      id: 'e3',
      at: now - 28_102,
      title: name('书吧 12.50 · 运营商没有答复', 'Book Bar 12.50 · the carrier has not answered'),
      state: 'charge_unknown',
      note: name(
        '钱既没算成功，也没算失败。预记保留 12.50，查实才入账或撤销。',
        'Neither counted as paid nor as failed. 12.50 stays pending until the record is found.',
      ),
      pairs: [{ debit: receivable, credit: bookBar, amount: '1250', form: 'pending' }],
    },
    {
      id: 'e4',
      at: now - 277_006,
      title: name('星游 点卡 10 元 · 号码已停机', 'Star Games, Game card 10 · line suspended'),
      state: 'charge_failed',
      pairs: [{ debit: receivable, credit: starGames, amount: '1000', form: 'void' }],
    },
  ]
}

function merchants(now: number): Merchant[] {
  const none = { gross: '0', refunds: '0', carrierShare: '0', platformFee: '0', net: '0' }
  return [
    {
      id: '6021',
      name: name('星游', 'Star Games'),
      number: '1065800886021',
      goods: [
        { code: '100', name: name('点卡 10 元', 'Game card 10'), price: '1000' },
        { code: '300', name: name('点卡 30 元', 'Game card 30'), price: '3000' },
      ],
      openAmount: null,
      orders: orders(now),
      webhooks: [
        ['d1', 'payment.succeeded', 200, 41, 1, 'delivered'] as const,
        ['d2', 'payment.processing', 500, 38, 2, 'retrying'] as const,
        ['d3', 'payment.denied', null, null, 6, 'failed'] as const,
      ].map(([deliveryId, type, status, ms, attempts, state], index) => ({
        deliveryId,
        at: now - index * minuteMs,
        type,
        status,
        ms,
        attempts,
        state,
      })),
      today: {
        count: 2,
        gross: '2000',
        refunds: '1000',
        carrierShare: '150',
        platformFee: '50',
        net: '800',
        unknownCount: 1,
        unknownAmount: '1000',
      },
      statements: [
        { date: '2026-11-23', state: 'not_ready', url: '' },
        { date: '2026-11-22', state: 'ready', url: '/demo/statements/6021/20261122.txt' },
      ],
    },
    {
      id: '6022',
      name: name('书吧', 'Book Bar'),
      number: '1065800886022',
      goods: [],
      openAmount: { min: '10', max: '3000', step: '10' },
      orders: [],
      webhooks: [],
      today: { count: 0, ...none, unknownCount: 0, unknownAmount: '0' },
      statements: [],
    },
  ]
}

export function demoFixture(now: number, empty: boolean): DemoState {
  const at = (ago: number) => now - ago * 1_000
  const accounts = [
    { name: receivable, side: 'debit', balance: '162000', pending: '1250' },
    { name: starGames, side: 'credit', balance: '110160', pending: '3000' },
    { name: bookBar, side: 'credit', balance: '21240', pending: '1250' },
    { name: carrierShare, side: 'credit', balance: '27600', pending: '0' },
    { name: feeIncome, side: 'credit', balance: '3000', pending: '0' },
    {
      name: name('挂账 · 运营商', 'Suspense · carrier'),
      side: 'debit',
      balance: '0',
      pending: '0',
    },
    { name: name('退款途中', 'Refunds on their way'), side: 'debit', balance: '0', pending: '0' },
  ] as const
  const shops = merchants(now)
  return {
    now,
    zone: 'Asia/Shanghai',
    paused: false,
    links: {
      smsc: { up: true, bound: 2, queued: 0 },
      boss: { up: true, unanswered: empty ? 0 : 1 },
    },
    network: {
      delayMs: 200,
      lossPercent: 0,
      duplicatePercent: 0,
      carrier: empty ? 'normal' : 'commits_and_drops',
    },
    lines: [
      {
        msisdn: '13800138000',
        billing: 'prepaid',
        status: 'active',
        balance: empty ? '10000' : '8980',
        monthSpent: empty ? '0' : '1020',
        reserved: '0',
        leftToday: empty ? '5000' : '4000',
        leftThisMonth: empty ? '10000' : '9000',
        bill: empty
          ? []
          : [
              { at: at(20), text: '星游 点卡 10 元', amount: '1000', kind: 'charge' },
              { at: at(22), text: '1065800886021907', amount: '10', kind: 'sms' },
              { at: at(900), text: '星游 点卡 10 元', amount: '1000', kind: 'refund' },
            ],
        messages: empty
          ? []
          : [
              { id: 'm0', direction: 'sent', peer: '1065800886021', text: '100', at: at(60) },
              {
                id: 'm1',
                direction: 'received',
                peer: slot,
                text: askText('点卡 10 元', '10.00'),
                at: at(58),
              },
              { id: 'm2', direction: 'sent', peer: slot, text: 'Y', at: at(30) },
              {
                id: 'm3',
                direction: 'received',
                peer: slot,
                text: '已付10.00元：星游 点卡 10 元，单号SG2026112300001。本月已用10.00/100元。疑问拨400-000-0106',
                at: at(20),
              },
            ],
      },
      {
        msisdn: '13900139000',
        billing: 'postpaid',
        status: 'active',
        monthSpent: '20',
        reserved: empty ? '0' : '1250',
        leftToday: '3750',
        leftThisMonth: '8750',
        bill: [],
        messages: empty
          ? []
          : [
              { id: 'n1', direction: 'sent', peer: '1065800886021', text: '300', at: at(100) },
              {
                id: 'n2',
                direction: 'received',
                peer: '1065800886021908',
                text: askText('点卡 30 元', '30.00'),
                at: at(98),
              },
            ],
      },
      {
        msisdn: '13700137000',
        billing: 'postpaid',
        status: 'suspended',
        monthSpent: '0',
        reserved: '0',
        leftToday: '5000',
        leftThisMonth: '10000',
        bill: [],
        messages: [],
      },
    ],
    merchants: empty ? shops.map((shop) => ({ ...shop, orders: [], webhooks: [] })) : shops,
    ledger: empty
      ? { debits: '0', credits: '0', events: [], accounts: [] }
      : { debits: '184730', credits: '184730', events: events(now), accounts: [...accounts] },
    checks: { passed: 12, total: 12, at: at(8), failing: [] },
  }
}
