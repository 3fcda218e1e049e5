import { splitText } from '@telepurse/sms'
import { describe, expect, test } from 'vitest'
import type { CardNotice } from './notices.ts'
import { cardTextOf } from './words.ts'

const card = { bank: { zh: '江城银行', en: 'Jiangcheng Bank' }, last4: '6215' }
const amount = '5000000'
const minutes = 10

/** Every notice with long values; a new one does not compile without a row. */
const notices: Readonly<Record<CardNotice['id'], object>> = {
  card_help: {},
  card_none: {},
  card_pin_how: {},
  card_pin_changed: {},
  card_nothing_asked: {},
  card_cancelled: {},
  card_question_over: {},
  card_which: { cards: [card, card].map((one) => ({ ...one, usable: true })) },
  card_list: { cards: [card, card].map((one, i) => ({ ...one, usable: i === 0 })) },
  card_bound: card,
  card_unbound: card,
  card_preferred: card,
  card_rebind: card,
  card_suspended: card,
  card_bill: { ...card, reminder: 'in_three_days', amount, minimum: amount, dueOn: '2026-12-25' },
  card_bill_is: { ...card, amount, minimum: amount, left: amount, dueOn: '2026-12-25' },
  card_no_bill: card,
  card_bill_paid: card,
  card_auto_ahead: { ...card, part: 'minimum', amount, dueOn: '2026-12-25' },
  card_auto_failed: {
    ...card,
    zh: '余额不足',
    en: 'Not enough balance',
    dueOn: '2026-12-25',
    isLast: true,
  },
  card_ask_bill: { ...card, minutes },
  card_ask_repayment: { ...card, amount, fee: '5000', minutes },
  card_ask_balance: { ...card, minutes },
  card_ask_top_up: { ...card, amount, minutes },
  card_ask_withdrawal: { ...card, amount, fee: '5000', sameDay: true, minutes },
  card_balance: { ...card, wallet: amount, card: amount },
  card_reply_there: { count: 5 },
  card_paid_already: { orderNo: '26091212345' },
  card_refused: { zh: '卡内余额不足', en: 'not enough in the card account' },
  card_pin_wrong: { triesLeft: 4 },
  card_pin_none: {},
  card_pin_must_change: {},
  card_pin_initial_expired: {},
  card_pin_locked: {},
  card_pin_weak: {},
  card_pin_unchanged: {},
}

const all = Object.entries(notices).flatMap(([id, values]) =>
  (['zh', 'en'] as const).map((language) => {
    const notice = { id, ...values } as CardNotice
    return [id, language, cardTextOf(notice, language)] as const
  }),
)

describe('each notice', () => {
  test.each(all)('%s in %s is one message', (_, language, text) => {
    expect(text).not.toMatch(/undefined|NaN|null|\[object|\{/)
    const parts = splitText(text, { reference: 7 })
    expect(parts.ok && parts.value.length).toBe(1)
    expect(parts.ok && parts.value[0]?.dataCoding).toBe(language === 'zh' ? 8 : 0)
  })
})
