import { splitText } from '@telepurse/sms'
import { describe, expect, test } from 'vitest'
import type { Language, Notice, Refusal } from '../../payments/index.ts'
import { reasonText } from './reason-texts.ts'
import { recordOf, textOf } from './texts.ts'

/** The sizes the domain measured with: a merchant of four characters, goods of five. */
const usual = {
  merchant: { zh: '星空游戏', en: 'Star Games' },
  goods: { zh: '点卡十元整', en: 'Game card 10' },
}
/** The longest a catalogue admits: 12 characters, or 24 letters. */
const long = {
  merchant: { zh: '星空游戏娱乐科技有限公司', en: 'Star Games Entertainment' },
  goods: { zh: '游戏点卡三十元面值充值卡', en: 'Game card of thirty yuan' },
}

const reasons: readonly Refusal[] = [
  'channel_off',
  'goods_off',
  'goods_not_for_this_line',
  'account_malformed',
  'line_suspended',
  'line_closed',
  'blacklisted',
  'switched_off',
  'amount_too_small',
  'over_single_limit',
  'too_soon',
  'no_free_slot',
  'code_wrong',
  'low_credit',
  'refused_by_carrier',
  'card_over_day_limit',
  'card_ask_bank',
  'card_declined',
  'card_unavailable',
  'card_not_supported',
  'card_expired',
  'card_needs_rebinding',
  'card_pin_wrong',
  'card_pin_locked',
  'card_low_funds',
  'card_over_bank_limit',
  'bank_away',
  'wallet_unavailable',
  'wallet_frozen',
  'wallet_cooling_off',
  'wallet_over_day_limit',
  'wallet_over_class_limit',
  'wallet_low_balance',
  'pin_needed',
  'over_code_limit',
]

/** Every notice with the longest values it can have; a new notice does not compile without a row. */
const noticesWith = (names: typeof usual): { readonly [Id in Notice['id']]: readonly Notice[] } => {
  const sale = { ...names, amount: '3000' }
  const orderNo = '26091212345'
  const tel = '400-000-0121'
  const card = { bank: { zh: '江城银行', en: 'Jiangcheng Bank' }, last4: '6215' }
  const sources = ['phone_bill', 'card', 'wallet'] as const
  const limits = [
    'wallet_over_single_limit',
    'wallet_over_class_limit',
    'wallet_low_balance',
    'over_code_limit',
  ] as const
  return {
    T1: [{ id: 'T1', ...sale, minutes: 30, tariff: '10', tel }],
    T1c: [{ id: 'T1c', ...sale, code: '123456', minutes: 10, tel }],
    T2: [{ id: 'T2', ...sale, orderNo, usedThisMonth: '10000', monthLimit: '10000', tel }],
    C1: [{ id: 'C1', ...sale, amount: '100000', ...card, minutes: 30, tel }],
    C2: [{ id: 'C2', ...sale, amount: '100000', ...card, orderNo, tel }],
    W1: [{ id: 'W1', ...sale, amount: '5000000', minutes: 30, tel }],
    W2: [{ id: 'W2', ...sale, amount: '5000000', orderNo, left: '5000000', tel }],
    W3: limits.map((reason) => ({ id: 'W3', reason, orderNo, left: '10000000' })),
    T3: [{ id: 'T3', orderNo }],
    T4: [{ id: 'T4', ...sale }],
    T5: reasons.map((reason) => ({ id: 'T5', reason, orderNo })),
    T6: (['single', 'day', 'month'] as const).map((limit) => ({
      id: 'T6',
      ...sale,
      limit,
      leftToday: '5000',
      leftThisMonth: '10000',
    })),
    T7: sources.map((source) => ({ id: 'T7', ...sale, orderNo, source })),
    T8: [
      { id: 'T8', examples: ['100', '150', '300'] },
      { id: 'T8', examples: [] },
    ],
    T9: [{ id: 'T9', again: '100#player7' }],
    T10: [{ id: 'T10', orderNo }],
    T11: [
      {
        id: 'T11',
        pending: [1, 2].map(() => ({
          zh: `${names.goods.zh}30.00元`,
          en: `${names.goods.en} CNY 30.00`,
        })),
      },
    ],
    T12: [{ id: 'T12', seconds: 60 }],
    amount_range: [{ id: 'amount_range', min: '10', max: '3000', step: '10' }],
    refunded: sources.map((source) => ({ id: 'refunded', ...sale, orderNo, source })),
    no_plans: [{ id: 'no_plans', usedThisMonth: '10000', leftThisMonth: '10000' }],
    codes_locked: [{ id: 'codes_locked', minutes: 30 }],
    code_wrong: [
      { id: 'code_wrong', triesLeft: 2 },
      { id: 'code_wrong', triesLeft: 0 },
    ],
    sign_in_code: [{ id: 'sign_in_code', merchant: names.merchant, code: '123456', minutes: 10 }],
    app_code: [{ id: 'app_code', code: '123456', minutes: 5 }],
    passkey_made: [{ id: 'passkey_made' }],
    passkey_removed: [{ id: 'passkey_removed' }],
    T19: [{ id: 'T19', code: '123456', hours: 72 }],
    pin_reset: [{ id: 'pin_reset', code: '123456', hours: 72 }],
  }
}

const languages: readonly Language[] = ['zh', 'en']
const all = (names: typeof usual) =>
  Object.values(noticesWith(names)).flatMap((notices) =>
    notices.flatMap((notice) =>
      languages.map((language) => [notice.id, language, textOf(notice, language), notice] as const),
    ),
  )
const partsOf = (text: string) => {
  const split = splitText(text, { reference: 7 })
  if (!split.ok) throw new Error(split.refusal)
  return split.value
}

describe('with usual names', () => {
  test.each(all(usual))('%s in %s is one message', (_id, language, text) => {
    expect(text).not.toMatch(/undefined|NaN|null|\[object|\{/)
    expect([...text].length).toBeLessThanOrEqual(language === 'zh' ? 70 : 160)
    const parts = partsOf(text)
    expect(parts).toHaveLength(1)
    // English in the alphabet of 160, not in the one of 70.
    expect(parts[0]?.dataCoding).toBe(language === 'zh' ? 8 : 0)
  })

  test.each(all(usual))('%s in %s names nobody’s number', (_id, _language, text) => {
    expect(text).not.toMatch(/(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)/)
  })
})

describe('with the longest names', () => {
  const asking = all(long).filter(([id]) => id === 'T1' || id === 'T11')

  test.each(all(long))('%s in %s is at most two messages', (_id, _language, text) => {
    expect(partsOf(text).length).toBeLessThanOrEqual(2)
  })

  test.each(asking)('price and yes-word of %s in %s stand in the first', (id, language, text) => {
    const first = [...text].slice(0, language === 'zh' ? 67 : 153).join('')
    expect(first).toContain('30.00')
    if (id === 'T1') expect(first).toMatch(language === 'zh' ? /回复Y确认/ : /Reply Y/)
    else expect(first).toMatch(/Y1/)
  })
})

test('the question says what a reply costs, and that a no is possible', () => {
  const [question] = noticesWith(usual).T1
  if (!question) throw new Error('there is a question')
  expect(textOf(question, 'zh')).toBe(
    '星空游戏：点卡十元整，30.00元，从话费扣。回复Y确认，30分钟内有效；回N取消。短信费0.1元/条另计。客服400-000-0121',
  )
  expect(textOf(question, 'en')).toBe(
    'Star Games: Game card 10, CNY 30.00 from your phone bill. Reply Y to pay within 30 min, N to cancel. SMS 0.1 each. Help 400-000-0121',
  )
})

test('a list of five names each answer it takes', () => {
  const pending = ['甲', '乙', '丙', '丁', '戊'].map((zh, i) => ({ zh, en: `goods ${i}` }))
  expect(textOf({ id: 'T11', pending }, 'zh')).toBe(
    '有5笔待确认：1.甲 2.乙 3.丙 4.丁 5.戊 回Y1、Y2、Y3、Y4或Y5确认，回N全部取消。',
  )
  expect(textOf({ id: 'T11', pending }, 'en')).toContain(
    'Reply Y1, Y2, Y3, Y4 or Y5; N cancels all.',
  )
})

test('a code is sent, and kept only masked', () => {
  const { T1c, sign_in_code, app_code, T19, pin_reset } = noticesWith(usual)
  const codes = [...T1c, ...sign_in_code, ...app_code, ...T19, ...pin_reset]
  for (const notice of codes)
    for (const language of languages) {
      expect(textOf(notice, language)).toContain('123456')
      expect(recordOf(notice, language)).not.toContain('123456')
      expect(recordOf(notice, language)).toContain('••••••')
    }
})

test('a blacklist is never named, and every reason has words', () => {
  for (const language of languages) {
    expect(reasonText('blacklisted', language)).toBe(reasonText('refused_by_carrier', language))
    for (const reason of reasons) expect(reasonText(reason, language)).not.toMatch(/black|黑/)
  }
})
