/** The text desk for cards, through the real purchases and rows; banks, PINs and wallet are played. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../../../test/books.ts'
import { createTestCarrier, type TestCarrier } from '../../../../../test/carrier.ts'
import { alice, createWorld, type World } from '../../../../../test/world.ts'
import { accept, refuse, type Secret } from '../../../kernel/index.ts'
import { createCardDesk } from './desk.ts'
import type { DeskBill, DeskCard, DeskPorts, PinAnswer } from './ports.ts'

const desk = '10658008'
const slot = '1065800880003900'
const minute = 60_000
const jiang: DeskCard = {
  terms: {
    id: '019a0000-0000-7000-8000-000000000001',
    bank: 'jiangcheng',
    bankName: { zh: '江城银行', en: 'Jiangcheng Bank' },
    last4: '6215',
    single: 1_000_00n,
    day: 5_000_00n,
  },
  kind: 'debit',
  state: 'active',
  pinKeptBy: 'wallet',
}
const gong: DeskCard = {
  terms: { ...jiang.terms, id: jiang.terms.id.replace(/1$/, '2'), bank: 'gong', last4: '8888' },
  kind: 'debit',
  state: 'active',
  pinKeptBy: 'bank',
}
const credit: DeskCard = {
  ...{ ...jiang, kind: 'credit', state: 'suspended' },
  terms: { ...jiang.terms, id: jiang.terms.id.replace(/1$/, '3'), last4: '6666' },
}
const owed: DeskBill = { amount: 1_234_56n, minimum: 123_46n, left: 1_000_00n, dueOn: '2026-12-25' }

describe('the desk', () => {
  let world: World
  let bank: TestCarrier
  let ports: ReturnType<typeof play>
  let texts = 0

  /** Everybody else, and what was asked of them. */
  function play() {
    const calls: string[] = []
    const state = {
      cards: [jiang],
      pin: '507214',
      tries: 5,
      bankPin: '111222',
      bill: owed as DeskBill | null,
    }
    const asks = (name: string, order: { amount: bigint; key: string; pin?: Secret }) =>
      calls.push(`${name} ${order.amount} ${order.key.slice(0, 4)} ${order.pin?.reveal() ?? ''}`)
    const judge = (pin: Secret): ReturnType<DeskPorts['pins']['check']> => {
      if (pin.reveal() === state.pin) return Promise.resolve(accept(undefined))
      state.tries -= 1
      const wrong = { code: 'wrong', triesLeft: state.tries } satisfies PinAnswer
      return Promise.resolve(refuse(state.tries > 0 ? wrong : { code: 'locked' }))
    }
    const given: DeskPorts = {
      cards: {
        of: async () => state.cards,
        prefer: async (_, id) => void calls.push(`prefer ${id}`),
        async balance(card, pin) {
          if (card.pinKeptBy === 'bank' && pin.reveal() !== state.bankPin)
            return refuse({ zh: '银行卡密码错误', en: 'wrong card PIN' })
          return accept({ available: 48_109_38n })
        },
        keepPin: async (id, pin) => void calls.push(`keep ${id} ${pin.reveal()}`),
      },
      bills: {
        async look(card, pin) {
          if (pin && pin.reveal() !== state.bankPin)
            return refuse({ zh: '银行卡密码错误', en: 'wrong card PIN' })
          calls.push(`look ${card.terms.last4}`)
          return accept(state.bill)
        },
      },
      pins: {
        check: (_, pin) => judge(pin),
        change: async (_, { old, next }) => {
          const right = await judge(old)
          if (right.ok) state.pin = next.reveal()
          return right
        },
      },
      vouchers: {
        async use({ code, key }) {
          calls.push(`voucher ${code.reveal()} ${key.slice(0, 4)}`)
          return code.reveal().endsWith('0')
            ? accept(undefined)
            : refuse({ zh: '卡密不正确，余额未变动', en: 'wrong code' })
        },
      },
      wallet: {
        available: async () => 12_34n,
        feeOf: async ({ speed }) => (speed === 'same_day' ? 20n : 0n),
        repaymentFeeOf: () => 1_00n,
        repay: async (order) => {
          asks('repay', order)
          return accept(undefined)
        },
        topUp: async (order) => {
          asks('top_up', order)
          return accept(undefined)
        },
        withdraw: async (order) => {
          asks(`withdraw ${order.speed}`, order)
          return order.amount > 200_00n
            ? refuse({ zh: '余额不足', en: 'low balance' })
            : accept(undefined)
        },
      },
    }
    return { ...given, calls, state }
  }

  beforeEach(async () => {
    bank = createTestCarrier()
    world = await createWorld({ bank })
    ports = play()
  })
  afterEach(async () => {
    expect(await offencesIn(world.db)).toEqual([])
    await world.close()
  })

  function say(text: string, to = desk, given?: string) {
    texts += 1
    const messageId = given ?? `m${texts}`
    const { db, clock, ids, catalogue, payments } = world
    const { take } = createCardDesk({ db, clock, ids, catalogue, payments, ...ports })
    return take({ from: alice, to, text, receivedAt: clock.now(), gateway: 'test', messageId })
  }
  const told = async () => (await world.texts(alice)).map((text) => text.id)
  const last = async () => (await world.texts(alice)).at(-1)?.text
  const bought = async () =>
    (await world.payments.list({ order: 'asc', offset: 0, limit: 100 })).items

  test('a purchase: ordered by text, asked from its own number, paid with the PIN, once', async () => {
    await say('6021 100')
    expect(await last()).toMatch(
      /^星游：点卡10元，10.00元，江城银行卡尾号6215付。回6位支付密码确认/,
    )
    await say('507214', slot)
    await say('507214', slot)
    await world.settle()
    // Nobody knows yet, at the second.
    expect(await told()).toEqual(['C1', 'T3', 'C2'])
    await say('507214', slot)
    expect((await told()).at(-1)).toBe('card_paid_already')
    expect(bank.total()).toBe(10_00n)
    const [payment] = await bought()
    expect(payment).toMatchObject({ source: 'card', channel: 'sms', consent: 'pin' })
  })

  test('without a card the wallet is asked for, where there is one', async () => {
    ports.state.cards = []
    await say('6021 100')
    // Nobody has a wallet in these rows: the purchase says so itself.
    expect((await bought()).map(({ source, reason }) => [source, reason])).toEqual([
      ['wallet', 'wallet_unavailable'],
    ])
    ports.wallet.available = async () => null
    await say('6021 100')
    expect(await told()).toEqual(['T5', 'card_none'])
    expect(await bought()).toHaveLength(1)
  })

  test('a text that the gateway brings twice orders once and counts one wrong PIN', async () => {
    await say('6021 100', desk, 'same')
    await say('6021 100', desk, 'same')
    await say('000000', slot, 'wrong')
    await say('000000', slot, 'wrong')
    expect(await told()).toEqual(['C1', 'card_pin_wrong'])
    expect(ports.state.tries).toBe(4)
    expect(await bought()).toHaveLength(1)
  })

  test('wrong PINs are told with what is left, and the fifth locks; nothing is taken', async () => {
    await say('6021 100')
    for (let i = 0; i < 5; i += 1) await say('123123', slot)
    expect((await told()).slice(1)).toEqual([
      ...Array.from({ length: 4 }, () => 'card_pin_wrong'),
      'card_pin_locked',
    ])
    await world.settle()
    expect(bank.total()).toBe(0n)
  })

  test('a top-up voucher: no PIN is asked, what became of it is told, and a text brought again is one', async () => {
    await say('CZK 1234 5678 9012 3450', desk, 'v1')
    await say('CZK 1234 5678 9012 3450', desk, 'v1')
    expect(await told()).toEqual([])
    await say('充值卡1234567890123451')
    expect(await last()).toContain('卡密不正确')
    expect(ports.calls).toEqual([
      'voucher 1234 5678 9012 3450 sms:',
      'voucher 1234567890123451 sms:',
    ])
  })

  test('a PIN to the desk itself pays no purchase: it may be the second for what the desk asked', async () => {
    await say('6021 100')
    await say('507214')
    expect(await last()).toBe('有1笔购买待确认，请直接回复对应的短信。未扣款。')
    await say('6021 300')
    await say('CZ100')
    await say('507214')
    await say('507214')
    expect(await last()).toBe('有2笔购买待确认，请直接回复对应的短信。未扣款。')
    await say('N')
    await world.settle()
    expect((await bought()).map(({ state }) => state)).toEqual(['cancelled', 'cancelled'])
    expect(bank.total()).toBe(0n)
  })

  test('a PIN after the time is over pays nothing, and says so', async () => {
    await say('6021 100')
    world.clock.advance(31 * minute)
    await world.settle()
    await say('507214', slot)
    expect((await told()).at(-1)).toBe('card_question_over')
    expect(bank.total()).toBe(0n)
  })

  test('what is no PIN at the number of a purchase is for the purchases', async () => {
    await say('6021 100')
    expect(await say('N', slot)).toBe(false)
    expect(await say('什么', slot)).toBe(false)
  })

  test('the card must be bound, usable and the only one with these digits', async () => {
    ports.state.cards = []
    await say('6021 100 K6215')
    ports.state.cards = [{ ...jiang, state: 'needs_rebinding' }]
    await say('6021 100')
    ports.state.cards = [{ ...jiang, state: 'suspended' }]
    await say('6021 100')
    ports.state.cards = [jiang, { ...gong, terms: { ...gong.terms, last4: '6215' } }]
    await say('6021 100 K6215')
    await say('6021 100 K0000')
    expect(await told()).toEqual([
      'card_none',
      'card_rebind',
      'card_suspended',
      'card_which',
      'card_which',
    ])
    expect(await bought()).toEqual([])
  })

  test('a card that changed while its purchase waited pays nothing', async () => {
    await say('6021 100')
    ports.state.cards = [{ ...jiang, state: 'needs_rebinding' }]
    await say('507214', slot)
    expect(await last()).toBe(
      '江城银行卡尾号6215信息已变更，请持证件和银行卡到营业厅重新绑定。未扣款。',
    )
    await world.settle()
    expect(bank.total()).toBe(0n)
  })

  test('top-up and withdrawal: asked with amount and fee, done once with the PIN, or not', async () => {
    await say('CZ100')
    expect(await last()).toBe(
      '从江城银行卡尾号6215充值100.00元到钱包，请回6位支付密码，10分钟内有效，回N取消。',
    )
    await say('507214')
    await say('507214')
    expect((await told()).at(-1)).toBe('card_nothing_asked')
    await say('TXK200')
    expect(await last()).toMatch(/提现200.00元到江城银行卡尾号6215，手续费0.20元，2小时内到账/)
    await say('507214')
    await say('TX201')
    await say('507214')
    expect(await last()).toBe('未办理：余额不足。未扣款。')
    expect(ports.calls).toEqual([
      'top_up 10000 sms: ',
      'withdraw same_day 20000 sms: ',
      'withdraw next_day 20100 sms: ',
    ])
  })

  test('a newer question takes the place of the older; a no ends it; late is late', async () => {
    await say('CZ100')
    await say('CZ5')
    await say('507214')
    expect(ports.calls).toEqual(['top_up 500 sms: '])
    await say('CZ100')
    await say('N')
    await say('507214')
    await say('CZ100')
    world.clock.advance(10 * minute + 1)
    await say('507214')
    expect((await told()).slice(-4)).toEqual([
      'card_cancelled',
      'card_nothing_asked',
      'card_ask_top_up',
      'card_question_over',
    ])
    expect(ports.calls).toHaveLength(1)
  })

  test('the balance of wallet and card, after the PIN', async () => {
    await say('YE')
    await say('507214')
    expect(await last()).toBe(
      '钱包可用12.34元；江城银行卡尾号6215可用48,109.38元。'.replace(',', ''),
    )
  })

  test('a bank that keeps the PIN gets it, and the wallet asks for none', async () => {
    ports.state.cards = [gong]
    await say('6021 100')
    await say('111222', slot)
    const [payment] = await bought()
    await say('CZ100')
    await say('111222')
    await say('TX10')
    await say('999999')
    await say('TX10')
    await say('111222')
    expect(ports.calls).toEqual([
      `keep ${payment?.id} 111222`,
      'top_up 10000 sms: 111222',
      'withdraw next_day 1000 sms: ',
    ])
    expect(ports.state.tries).toBe(5)
    await world.settle()
  })

  test('cards are listed and chosen, the PIN is changed, and whoever asks nonsense gets help', async () => {
    ports.state.cards = [jiang, gong]
    await say('KA')
    await say('KA8888')
    await say('GM507214 804163')
    await say('YE')
    await say('804163')
    await say('???')
    expect(await told()).toEqual([
      ...['card_list', 'card_preferred', 'card_pin_changed', 'card_ask_balance', 'card_balance'],
      'card_help',
    ])
    expect(ports.calls).toEqual([`prefer ${gong.terms.id}`])
  })

  test('the bill of a credit card is told after the PIN, and repaid with it, once', async () => {
    ports.state.cards = [jiang, credit]
    await say('ZD')
    expect(ports.calls).toEqual([])
    await say('000000')
    await say('507214')
    expect(await last()).toBe(
      '江城银行信用卡尾号6666账单1234.56元，最低123.46元，待还1000.00元，12月25日到期。还款发HK。',
    )
    await say('HK')
    expect(await last()).toMatch(/^还江城银行信用卡尾号6666 ?1000.00元，手续费1.00元，从余额支付/)
    await say('507214')
    await say('507214')
    await say('HK 20.50')
    await say('507214')
    expect(ports.calls.filter((call) => call.startsWith('repay'))).toEqual([
      ...['repay 100000 sms: ', 'repay 2050 sms: '],
    ])
    expect((await told()).at(-1)).toBe('card_ask_repayment')
  })

  test('what is no bill is not repaid, and it is said which card is meant', async () => {
    await say('HK')
    ports.state.cards = [credit, { ...credit, terms: { ...credit.terms, last4: '7777' } }]
    await say('HK')
    ports.state.bill = { ...owed, left: 0n }
    await say('HK K7777')
    ports.state.bill = null
    await say('HK K7777')
    await say('ZD K7777')
    await say('507214')
    expect(await told()).toEqual([
      ...['card_none', 'card_which', 'card_bill_paid', 'card_no_bill', 'card_ask_bill'],
      'card_no_bill',
    ])
    expect(ports.calls.every((call) => call.startsWith('look'))).toBe(true)
  })

  test('of a bank that keeps the PIN the bill is told for its own PIN alone', async () => {
    ports.state.cards = [{ ...credit, pinKeptBy: 'bank' }]
    for (const pin of ['507214', '111222']) {
      await say('ZD')
      await say(pin)
    }
    for (const pin of ['507214', '111222']) {
      await say('HK5')
      await say(pin)
    }
    expect((await told()).filter((id) => !id.startsWith('card_ask'))).toEqual([
      ...['card_refused', 'card_bill_is', 'card_refused'],
    ])
    expect(ports.calls.filter((call) => call.startsWith('repay'))).toEqual(['repay 500 sms: '])
    expect(ports.state.tries).toBe(5)
  })

  test('no PIN is in any row', async () => {
    await say('6021 100')
    await say('507214', slot)
    await say('GM507214 804163')
    for (const table of ['job', 'card_text', 'card_question', 'payment', 'payment_event'])
      expect(JSON.stringify(await world.db.query(`select t::text from ${table} t`))).not.toMatch(
        /507214|804163/,
      )
    await world.settle()
  })
})
