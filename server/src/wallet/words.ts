/**
 * What a customer or a clerk is told when a request was not taken: a code for whoever is asked about it, and a
 * text. WL-01, WL-06 and WL-07 are fixed words of the trade; a request that was not taken has moved nothing.
 */
import { type Amount, format } from '../kernel/index.ts'
import type { CloseRefusal, Detail, OpenRefusal } from './wallet.ts'

export interface Words {
  readonly code: string
  readonly zh: string
  readonly en: string
}

/** `{a}` is an amount, `{h}` hours. */
export const walletWords: Readonly<Record<CloseRefusal | OpenRefusal, Words>> = {
  low_balance: { code: 'WL-01', zh: '余额不足', en: 'Not enough balance' },
  cooling_off: {
    code: 'WL-06',
    zh: '为保障资金安全，换卡后{h}小时内暂不能转出',
    en: 'For safety, no money out for {h} h after the SIM change',
  },
  credit_card: {
    code: 'WL-07',
    zh: '信用卡不支持充值/转账',
    en: 'Credit cards cannot top up or transfer',
  },
  not_a_credit_card: { code: 'BC-02', zh: '此卡不是信用卡', en: 'This is no credit card' },
  no_bill: { code: 'BC-03', zh: '此卡暂无账单', en: 'No bill of this card is known' },
  over_bill: { code: 'BC-04', zh: '最多可还{a}元', en: 'At most {a} can be repaid' },
  frozen_in: {
    code: 'WL-26',
    zh: '钱包已冻结，暂不能转入',
    en: 'The wallet is frozen for money in',
  },
  frozen_out: {
    code: 'WL-25',
    zh: '钱包已冻结，暂不能转出',
    en: 'The wallet is frozen for money out',
  },
  wallet_not_found: { code: 'WL-11', zh: '尚未开通钱包', en: 'There is no wallet' },
  wallet_closing: { code: 'WL-12', zh: '钱包正在销户', en: 'The wallet is being closed' },
  line_not_active: { code: 'WL-13', zh: '号码状态异常', en: 'The number is not active' },
  card_unknown: { code: 'WL-14', zh: '未绑定该银行卡', en: 'The card is not bound' },
  card_of_other_owner: {
    code: 'BK-E08',
    zh: '机主与持卡人须为同一人',
    en: 'Phone owner and card holder must be the same',
  },
  card_not_active: {
    code: 'BK-E19',
    zh: '银行卡信息已变更，请重新绑定',
    en: 'Card changed at the bank; bind again',
  },
  amount_too_small: { code: 'WL-15', zh: '金额须大于0', en: 'The amount must be more than 0' },
  over_single_limit: { code: 'WL-16', zh: '单笔不能超过{a}元', en: 'At most {a} at once' },
  over_day_limit: {
    code: 'WL-24',
    zh: '超出今日限额（剩余{a}元）',
    en: "Over today's limit ({a} left)",
  },
  over_class_limit: {
    code: 'WL-02',
    zh: '今年余额支付额度已用完（剩余{a}元），可用银行卡支付',
    en: "This year's balance limit is used ({a} left); pay by card",
  },
  over_card_limit: {
    code: 'WL-17',
    zh: '此卡目前最多可用{a}元',
    en: 'At most {a} from this card now',
  },
  fee_changed: {
    code: 'WL-45',
    zh: '手续费现在是{a}元，请重新确认',
    en: 'The fee is {a} now; please confirm again',
  },
  top_up_open: {
    code: 'WL-18',
    zh: '有充值处理中，请稍后',
    en: 'A top-up is in progress, try later',
  },
  transfers_open: {
    code: 'WL-28',
    zh: '有转账、红包或订单未完成，请稍后',
    en: 'A transfer, red packet or order is not finished, try later',
  },
  balance_left: {
    code: 'WL-19',
    zh: '余额{a}元，请先提现或取现',
    en: '{a} is left; withdraw it first',
  },
  identity_needed: { code: 'WL-20', zh: '请先完成实名认证', en: 'Verify your identity first' },
  level_too_low: {
    code: 'WL-21',
    zh: '实名等级不足，不能开立该类账户',
    en: 'This class of account needs a verified identity',
  },
  already_open: { code: 'WL-22', zh: '钱包已开通', en: 'There is a wallet already' },
  exists_with_different_content: {
    code: 'WL-23',
    zh: '请求编号已用于其他业务',
    en: 'The request number was used for something else',
  },
}

/** What everybody says alike who lets money leave a wallet. */
export const spendingWords = {
  low_balance: walletWords.low_balance,
  cooling_off: walletWords.cooling_off,
  wallet_not_found: walletWords.wallet_not_found,
  wallet_closing: walletWords.wallet_closing,
  line_not_active: walletWords.line_not_active,
  amount_too_small: walletWords.amount_too_small,
  over_single_limit: walletWords.over_single_limit,
  frozen_out: walletWords.frozen_out,
  exists_with_different_content: walletWords.exists_with_different_content,
  over_day_limit: walletWords.over_day_limit,
  over_class_limit: walletWords.over_class_limit,
} as const satisfies Readonly<Record<string, Words>>

export interface Said extends Detail {
  readonly now: number
  /** `{b}` is the upper end of a range. */
  readonly most?: Amount
}

/** With what stands behind the refusal. */
export function filled({ code, zh, en }: Words, { left, most, until, now }: Said): Words {
  const inPlace = (text: string) =>
    text
      .replace('{a}', left === undefined ? unsaid : format(left))
      .replace('{b}', most === undefined ? unsaid : format(most))
      .replace('{h}', until === undefined ? unsaid : hoursUntil(until, now))
  return { code, zh: inPlace(zh), en: inPlace(en) }
}

/** Where words stand in a list, and of nobody's money. */
const unsaid = '…'
const hourMs = 3_600_000
const hoursUntil = (until: number, now: number) =>
  String(Math.max(1, Math.ceil((until - now) / hourMs)))
