/** Why a request was not taken: a code, and a text. Whatever was not taken has moved nothing. */
import { spendingWords, type Words, walletWords } from '../wallet/index.ts'

/** `{a}` is an amount, `{h}` hours. */
const words = {
  ...spendingWords,
  name_wrong: { code: 'WL-03', zh: '收款方姓名校验不一致', en: 'The name does not match' },
  frozen_in: { code: 'WL-26', zh: '对方暂不能收款', en: 'The payee cannot receive money now' },
  own_frozen_in: walletWords.frozen_in,
  name_needed: {
    code: 'WL-31',
    zh: '请补全收款方姓名中隐去的字',
    en: "Enter the missing character of the payee's name",
  },
  name_blocked: {
    code: 'WL-32',
    zh: '姓名校验错误次数过多，{h}小时内不能向对方转账',
    en: 'Too many wrong names; no transfer to this payee for {h} h',
  },
  name_unknown: {
    code: 'WL-33',
    zh: '对方未实名，单笔不能超过{a}元',
    en: 'Nobody knows who this is; at most {a} at once',
  },
  to_oneself: { code: 'WL-34', zh: '不能向自己转账', en: 'Not to yourself' },
  payee_unable: { code: 'WL-35', zh: '对方钱包正在销户', en: "The payee's wallet is being closed" },
  payee_unknown: { code: 'WL-36', zh: '收款号码无效', en: 'No such number' },
  over_day_count: { code: 'WL-37', zh: '今日转账次数已达上限', en: 'Too many transfers today' },
  not_found: { code: 'WL-38', zh: '记录不存在', en: 'Not found' },
  not_open: { code: 'WL-39', zh: '已处理完毕，不能再操作', en: 'It is over already' },
  delay_needs_wallet: {
    code: 'WL-40',
    zh: '对方尚未开通钱包，不能延时到账',
    en: 'The payee has no wallet; it cannot be delayed',
  },
  over_waiting: {
    code: 'WL-41',
    zh: '对方待领取的转账过多',
    en: 'Too much waits for this number already',
  },
  over_cap: { code: 'WL-42', zh: '超出授权额度（剩余{a}元）', en: 'Over the cap ({a} left)' },
  dates_wrong: { code: 'WL-43', zh: '日期有误', en: 'The dates are wrong' },
  payee_needs_wallet: { code: 'WL-44', zh: '对方尚未开通钱包', en: 'The payee has no wallet' },
  split_stopped: { code: 'AA-01', zh: '收款已停止', en: 'Collection stopped' },
  share_too_small: { code: 'AA-02', zh: '每人至少0.01元', en: 'At least 0.01 each' },
  people_wrong: {
    code: 'AA-03',
    zh: '参与人数须为2至100人',
    en: '2 to 100 people can share a bill',
  },
  over_split_limit: { code: 'AA-04', zh: '总额不能超过{a}元', en: 'At most {a} in all' },
  not_verified: { code: 'AA-05', zh: '请先完成实名认证', en: 'Verify your identity first' },
  over_split_payment: {
    code: 'AA-06',
    zh: '这笔付款还可分摊{a}元',
    en: 'Of this payment {a} can still be shared',
  },
  split_refunded: {
    code: 'AA-07',
    zh: '这笔付款已退款，您这一份不用付了',
    en: 'The payment was refunded; your share need not be paid',
  },
  packet_emptied: { code: 'RP-01', zh: '手慢了，红包已领完', en: 'All taken' },
  packet_over: {
    code: 'RP-02',
    zh: '红包已超过24小时，剩余{a}元已退回',
    en: 'Expired; {a} returned',
  },
  packet_out_of_range: {
    code: 'RP-03',
    zh: '红包须为1至100个，每个0.01至200元',
    en: '1 to 100 parts of 0.01 to 200.00 each',
  },
  // The first three as tills are told them: nothing of whose code it was.
  payment_code_refused: {
    code: 'F2F-01',
    zh: '付款码已过期，请刷新',
    en: 'Code expired, refresh it',
  },
  payment_code_used: { code: 'F2F-02', zh: '付款码已使用', en: 'Code already used' },
  payment_codes_locked: {
    code: 'F2F-06',
    zh: '付款码错误次数过多，请稍后再试',
    en: 'Too many codes were wrong; try again later',
  },
  over_code_limit: {
    code: 'F2F-03',
    zh: '超过今日扫码限额（剩余{a}元）',
    en: "Over today's code limit ({a} left)",
  },
  payer_unable: {
    code: 'F2F-08',
    zh: '对方这次付不了款',
    en: 'It could not be paid by this code',
  },
  own_code: { code: 'F2F-07', zh: '这是您自己的付款码', en: 'This is your own code' },
  packet_not_yours: { code: 'RP-04', zh: '此红包不是发给您的', en: 'It is not for you' },
} as const

export type Refusal = keyof typeof words

export const transferWords: Readonly<Record<Refusal, Words>> = words
