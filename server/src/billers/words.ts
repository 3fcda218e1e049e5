/**
 * Why a request was not taken, or a payment was given back: a code, and a text. Whatever was not taken has moved
 * nothing. The codes are those of the trade: UB-Q of inquiries, UB-P of payments. A biller's own text is not shown.
 */
import { spendingWords, type Words } from '../wallet/index.ts'
import type { EndReason } from './bill.ts'

/** `{a}` is an amount, `{b}` another, `{h}` hours. */
const words = {
  ...spendingWords,
  over_class_limit: {
    code: 'WL-02',
    zh: '今年余额支付额度已用完（剩余{a}元）',
    en: "This year's balance limit is used ({a} left)",
  },
  biller_unknown: { code: 'UB-Q01', zh: '暂不支持该缴费单位', en: 'There is no such biller' },
  account_malformed: { code: 'UB-Q02', zh: '户号格式有误', en: 'That is no number of this biller' },
  not_found: { code: 'UB-Q03', zh: '记录不存在', en: 'Not found' },
  account_unknown: { code: 'UB-Q04', zh: '户号不存在', en: 'The biller knows no such customer' },
  nothing_due: { code: 'UB-Q05', zh: '暂无欠费', en: 'Nothing due' },
  number_unknown: { code: 'UB-Q06', zh: '号码不存在', en: 'No such number' },
  batch_window: {
    code: 'UB-Q07',
    zh: '缴费单位正在批量扣款，请稍后',
    en: 'Biller is collecting, try later',
  },
  too_late: {
    code: 'UB-Q08',
    zh: '已超过缴费期限，请到缴费单位办理',
    en: 'Past the last day; pay at the biller',
  },
  biller_away: {
    code: 'UB-Q10',
    zh: '缴费单位暂无应答，请稍后再试',
    en: 'The biller does not answer; try later',
  },
  too_many: { code: 'UB-Q14', zh: '缴费次数过多', en: 'Too many payments' },
  last_unfinished: {
    code: 'UB-Q24',
    zh: '上一笔缴费尚未完成',
    en: 'The last payment is not finished',
  },
  card_not_loaded: {
    code: 'UB-Q26',
    zh: '燃气卡内有气量未圈存',
    en: 'The meter card holds gas that is not loaded yet',
  },
  too_many_accounts: { code: 'UB-Q30', zh: '常用户号过多', en: 'Too many accounts are kept' },
  in_progress: {
    code: 'UB-P01',
    zh: '已扣款，销账处理中，请勿重复缴费',
    en: 'Paid, being credited; do not pay again',
  },
  refused: {
    code: 'UB-P02',
    zh: '销账失败，款项已退回',
    en: 'Not credited; money returned',
  },
  inquiry_lapsed: {
    code: 'UB-P03',
    zh: '账单已失效，请重新查询',
    en: 'The inquiry is too old; ask again',
  },
  bill_changed: {
    code: 'UB-P04',
    zh: '账单金额已变化，请重新查询',
    en: 'What is due has changed; ask again',
  },
  already_paid: { code: 'UB-P05', zh: '该账单已缴费', en: 'It is paid already' },
  amount_out_of_range: {
    code: 'UB-P06',
    zh: '金额须为{a}至{b}元',
    en: 'The amount must be from {a} to {b}',
  },
} as const

export type Refusal = keyof typeof words

export const billerWords: Readonly<Record<Refusal, Words>> = words

/** Why the money came back, in the words of the refusals. */
export const refusalOf = (reason: EndReason): Refusal =>
  reason === 'away'
    ? 'biller_away'
    : reason === 'taken_back' || reason === 'not_in_file'
      ? 'refused'
      : reason
