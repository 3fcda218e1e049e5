import { splitText } from '@telepurse/sms'
import { expect, test } from 'vitest'
import { payeeMax, type WalletNotice } from '../../wallet/index.ts'
import { recordOf, textOf } from './texts.ts'
import { endReasonText, isOfWallet } from './wallet-texts.ts'

const change = { at: '2026-11-23T14:32:08', amount: '5000000', balance: '123456789' }
const card = { last4: '1234' }
const amount = '5000000'
/** The longest that is said of a name. */
const payee = '*'.repeat(payeeMax)
/** The longest of the reasons, in either language. */
const reasons = ['card_unavailable', 'amount_differs_from_original', 'over_limit'] as const

/** Every notice with the longest values it can have; a new notice does not compile without a row. */
const notices: { readonly [Id in WalletNotice['id']]: readonly WalletNotice[] } = {
  wallet_topped_up: [{ id: 'wallet_topped_up', ...change, ...card }],
  wallet_top_up_unknown: [{ id: 'wallet_top_up_unknown', amount, ...card }],
  wallet_top_up_refused: reasons.map((reason) => ({
    ...{ id: 'wallet_top_up_refused', amount, reason, ...card },
  })),
  wallet_top_up_reversed: [{ id: 'wallet_top_up_reversed', amount, ...card }],
  wallet_withdrawal_requested: (['same_day', 'next_day'] as const).map((speed) => ({
    ...{ id: 'wallet_withdrawal_requested', ...change, ...card, fee: '5000', speed },
  })),
  wallet_withdrawal_unknown: [{ id: 'wallet_withdrawal_unknown', amount, ...card }],
  wallet_withdrawal_paid: [{ id: 'wallet_withdrawal_paid', amount, ...card }],
  wallet_withdrawal_returned: reasons.map((reason) => ({
    ...{ id: 'wallet_withdrawal_returned', ...change, ...card, reason },
  })),
  wallet_repayment_requested: [
    { id: 'wallet_repayment_requested', ...change, ...card, fee: '5000' },
  ],
  wallet_repayment_unknown: [{ id: 'wallet_repayment_unknown', amount, ...card }],
  wallet_repayment_paid: [{ id: 'wallet_repayment_paid', amount, ...card }],
  wallet_repayment_returned: reasons.map((reason) => ({
    ...{ id: 'wallet_repayment_returned', ...change, ...card, reason },
  })),
  wallet_repayment_refused: [{ id: 'wallet_repayment_refused', amount, ...card }],
  wallet_card_transfer_requested: [
    { id: 'wallet_card_transfer_requested', ...change, ...card, payee, fee: '5000' },
  ],
  wallet_card_transfer_unknown: [{ id: 'wallet_card_transfer_unknown', amount, ...card, payee }],
  wallet_card_transfer_paid: [{ id: 'wallet_card_transfer_paid', amount, ...card, payee }],
  wallet_card_transfer_returned: reasons.map((reason) => ({
    ...{ id: 'wallet_card_transfer_returned', ...change, ...card, payee, reason },
  })),
  wallet_cash_in: [{ id: 'wallet_cash_in', ...change }],
  wallet_cash_out: [{ id: 'wallet_cash_out', ...change }],
  wallet_top_up_voucher: [{ id: 'wallet_top_up_voucher', ...change }],
  wallet_credited: [{ id: 'wallet_credited', ...change }],
  wallet_closed: [{ id: 'wallet_closed' }],
  wallet_not_closed: [{ id: 'wallet_not_closed', balance: '123456789' }],
}
const all = Object.values(notices).flat()

test.each(
  all.flatMap((notice) => (['zh', 'en'] as const).map((language) => ({ notice, language }))),
)('$notice.id in $language is one message, and says the amount', ({ notice, language }) => {
  const text = textOf(notice, language)
  const split = splitText(text, { reference: 7 })
  expect([text, split.ok && split.value.length]).toEqual([text, 1])
  expect(recordOf(notice, language)).toBe(text)
  if ('amount' in notice) expect(text).toContain('50000.00')
  if ('balance' in notice) expect(text).toContain('1234567.89')
})

test('a change says when it was', () => {
  const [notice] = notices.wallet_topped_up
  if (!notice) throw new Error('there is one')
  expect(textOf(notice, 'zh')).toBe('11月23日14:32尾号1234的卡充值50000.00元，余额1234567.89元。')
  expect(textOf(notice, 'en')).toBe(
    '11-23 14:32 topped up CNY 50000.00 from card 1234. Balance 1234567.89.',
  )
})

test('what is unknown is never told as failed or done', () => {
  for (const notice of [
    ...notices.wallet_top_up_unknown,
    ...notices.wallet_withdrawal_unknown,
    ...notices.wallet_repayment_unknown,
    ...notices.wallet_card_transfer_unknown,
  ]) {
    expect(textOf(notice, 'zh')).toMatch(/处理中/)
    expect(textOf(notice, 'zh')).not.toMatch(/成功|失败|未扣款|已付/)
    expect(textOf(notice, 'en')).toMatch(/in progress/)
    expect(textOf(notice, 'en')).not.toMatch(/fail|not made|has paid/)
  }
})

test('no reason calls a card stolen or lost', () => {
  expect(endReasonText('card_unavailable', 'zh')).not.toMatch(/挂失|被盗|没收/)
  expect(endReasonText('card_unavailable', 'en')).not.toMatch(/stolen|lost|capture/)
})

test('notices of purchases are not the wallet\u2019s', () => {
  expect(isOfWallet({ id: 'T3', orderNo: '1' })).toBe(false)
  expect(all.every(isOfWallet)).toBe(true)
})
