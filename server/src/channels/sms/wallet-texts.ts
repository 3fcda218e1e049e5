/**
 * The words of notices about a wallet, in zh and en. Each says what happened to the money, with the number, and
 * nothing that is not known: what is unknown is "in progress". Each zh text fits one UCS-2 message (70) and
 * each en text one of GSM-7 (160), up to the largest amounts.
 */
import { format } from '../../kernel/index.ts'
import type { Language } from '../../payments/index.ts'
import type { EndReason, WalletNotice } from '../../wallet/index.ts'

export const isOfWallet = <Other extends { readonly id: string }>(
  notice: Other | WalletNotice,
): notice is WalletNotice => notice.id.startsWith('wallet_')

export const walletText = (notice: WalletNotice, language: Language): string =>
  language === 'zh' ? zh(notice) : en(notice)

const yuan = (fen: string) => format(BigInt(fen))

/** `9月12日10:00` of `2026-09-12T10:00:00`: the order of changes shows even when texts overtake each other. */
export const zhTime = (at: string) =>
  `${Number(at.slice(5, 7))}月${Number(at.slice(8, 10))}日${at.slice(11, 16)}`
export const enTime = (at: string) => `${at.slice(5, 10)} ${at.slice(11, 16)}`

function zh(n: WalletNotice): string {
  switch (n.id) {
    case 'wallet_topped_up':
      return `${zhTime(n.at)}尾号${n.last4}的卡充值${yuan(n.amount)}元，余额${yuan(n.balance)}元。`
    case 'wallet_top_up_unknown':
      return `充值${yuan(n.amount)}元处理中，银行结果确认后短信通知，请勿重复充值。`
    case 'wallet_top_up_refused':
      return `充值${yuan(n.amount)}元未成功：${endReasonText(n.reason, 'zh')}。尾号${n.last4}的卡未扣款。`
    case 'wallet_top_up_reversed':
      return `充值${yuan(n.amount)}元未成功，银行已确认尾号${n.last4}的卡未扣款或已退回。`
    case 'wallet_withdrawal_requested':
      return `${zhTime(n.at)}提现${yuan(n.amount)}元至尾号${n.last4}，手续费${yuan(n.fee)}元，${arrival.zh[n.speed]}，余额${yuan(n.balance)}元。`
    case 'wallet_withdrawal_unknown':
      return `提现${yuan(n.amount)}元至尾号${n.last4}处理中，请以到账为准，请勿重复操作。`
    case 'wallet_withdrawal_paid':
      return `提现${yuan(n.amount)}元，银行已付至尾号${n.last4}。`
    case 'wallet_withdrawal_returned':
      return `${zhTime(n.at)}提现未成功：${endReasonText(n.reason, 'zh')}，${yuan(n.amount)}元已退回，余额${yuan(n.balance)}元。`
    case 'wallet_repayment_requested':
      return `${zhTime(n.at)}还信用卡尾号${n.last4}账单${yuan(n.amount)}元，手续费${yuan(n.fee)}元，余额${yuan(n.balance)}元。`
    case 'wallet_repayment_unknown':
      return `还款${yuan(n.amount)}元至信用卡尾号${n.last4}处理中，请以到账为准，请勿重复还款。`
    case 'wallet_repayment_paid':
      return `还款${yuan(n.amount)}元，银行已入账信用卡尾号${n.last4}。`
    case 'wallet_repayment_returned':
      return `${zhTime(n.at)}还款未成功：${endReasonText(n.reason, 'zh')}，${yuan(n.amount)}元已退回，余额${yuan(n.balance)}元。`
    case 'wallet_repayment_refused':
      return `信用卡尾号${n.last4}还款${yuan(n.amount)}元未办理，已充入的款项在钱包余额中。`
    case 'wallet_card_transfer_requested':
      return `${zhTime(n.at)}转账${yuan(n.amount)}元至${n.payee}尾号${n.last4}，手续费${yuan(n.fee)}元，余额${yuan(n.balance)}元。`
    case 'wallet_card_transfer_unknown':
      return `转账${yuan(n.amount)}元至${n.payee}尾号${n.last4}处理中，请以到账为准，请勿重复转账。`
    case 'wallet_card_transfer_paid':
      return `转账${yuan(n.amount)}元，银行已付至${n.payee}尾号${n.last4}。`
    case 'wallet_card_transfer_returned':
      return `${zhTime(n.at)}转账到卡未成功：${endReasonText(n.reason, 'zh')}，${yuan(n.amount)}元已退回，余额${yuan(n.balance)}元。`
    case 'wallet_cash_in':
      return `${zhTime(n.at)}现金存入${yuan(n.amount)}元，余额${yuan(n.balance)}元。`
    case 'wallet_cash_out':
      return `${zhTime(n.at)}现金取出${yuan(n.amount)}元，余额${yuan(n.balance)}元。`
    case 'wallet_top_up_voucher':
      return `${zhTime(n.at)}充值卡充值${yuan(n.amount)}元，余额${yuan(n.balance)}元。`
    case 'wallet_credited':
      return `${zhTime(n.at)}与银行对账后补入${yuan(n.amount)}元，余额${yuan(n.balance)}元。`
    case 'wallet_closed':
      return '您的钱包已销户，余额为零。'
    case 'wallet_not_closed':
      return `提现未成功，钱包未销户，余额${yuan(n.balance)}元可继续使用。`
  }
}

function en(n: WalletNotice): string {
  switch (n.id) {
    case 'wallet_topped_up':
      return `${enTime(n.at)} topped up CNY ${yuan(n.amount)} from card ${n.last4}. Balance ${yuan(n.balance)}.`
    case 'wallet_top_up_unknown':
      return `Top-up of CNY ${yuan(n.amount)} in progress. We text you when the bank has confirmed; please do not repeat it.`
    case 'wallet_top_up_refused':
      return `Top-up of CNY ${yuan(n.amount)} not made: ${endReasonText(n.reason, 'en')}. Card ${n.last4} was not charged.`
    case 'wallet_top_up_reversed':
      return `Top-up of CNY ${yuan(n.amount)} not made. The bank confirms: card ${n.last4} was not charged, or got it back.`
    case 'wallet_withdrawal_requested':
      return `${enTime(n.at)} withdrawal of CNY ${yuan(n.amount)} to card ${n.last4}, fee ${yuan(n.fee)}, ${arrival.en[n.speed]}. Balance ${yuan(n.balance)}.`
    case 'wallet_withdrawal_unknown':
      return `Withdrawal of CNY ${yuan(n.amount)} to card ${n.last4} in progress; the bank has not confirmed it yet. Please do not repeat it.`
    case 'wallet_withdrawal_paid':
      return `The bank has paid your withdrawal of CNY ${yuan(n.amount)} to card ${n.last4}.`
    case 'wallet_withdrawal_returned':
      return `${enTime(n.at)} withdrawal not made: ${endReasonText(n.reason, 'en')}. CNY ${yuan(n.amount)} returned, balance ${yuan(n.balance)}.`
    case 'wallet_repayment_requested':
      return `${enTime(n.at)} repayment of CNY ${yuan(n.amount)} to credit card ${n.last4}, fee ${yuan(n.fee)}. Balance ${yuan(n.balance)}.`
    case 'wallet_repayment_unknown':
      return `Repayment of CNY ${yuan(n.amount)} to credit card ${n.last4} in progress; the bank has not confirmed it yet. Please do not repeat it.`
    case 'wallet_repayment_paid':
      return `The bank has taken your repayment of CNY ${yuan(n.amount)} to credit card ${n.last4}.`
    case 'wallet_repayment_returned':
      return `${enTime(n.at)} repayment not made: ${endReasonText(n.reason, 'en')}. CNY ${yuan(n.amount)} returned, balance ${yuan(n.balance)}.`
    case 'wallet_repayment_refused':
      return `Repayment of CNY ${yuan(n.amount)} to credit card ${n.last4} not made. What was topped up for it is in your balance.`
    case 'wallet_card_transfer_requested':
      return `${enTime(n.at)} transfer of CNY ${yuan(n.amount)} to ${n.payee}, card ${n.last4}, fee ${yuan(n.fee)}. Balance ${yuan(n.balance)}.`
    case 'wallet_card_transfer_unknown':
      return `Transfer of CNY ${yuan(n.amount)} to ${n.payee}, card ${n.last4} in progress; the bank has not confirmed it yet. Please do not repeat it.`
    case 'wallet_card_transfer_paid':
      return `The bank has paid your transfer of CNY ${yuan(n.amount)} to ${n.payee}, card ${n.last4}.`
    case 'wallet_card_transfer_returned':
      return `${enTime(n.at)} transfer to a card not made: ${endReasonText(n.reason, 'en')}. CNY ${yuan(n.amount)} returned, balance ${yuan(n.balance)}.`
    case 'wallet_cash_in':
      return `${enTime(n.at)} cash paid in CNY ${yuan(n.amount)}. Balance ${yuan(n.balance)}.`
    case 'wallet_cash_out':
      return `${enTime(n.at)} cash paid out CNY ${yuan(n.amount)}. Balance ${yuan(n.balance)}.`
    case 'wallet_top_up_voucher':
      return `${enTime(n.at)} CNY ${yuan(n.amount)} added by top-up voucher. Balance ${yuan(n.balance)}.`
    case 'wallet_credited':
      return `${enTime(n.at)} CNY ${yuan(n.amount)} added after checking with the bank. Balance ${yuan(n.balance)}.`
    case 'wallet_closed':
      return 'Your wallet is closed. Its balance is zero.'
    case 'wallet_not_closed':
      return `The withdrawal was not made and your wallet stays open. Balance CNY ${yuan(n.balance)}.`
  }
}

const arrival = {
  zh: { same_day: '预计2小时内到账', next_day: '预计次日到账' },
  en: { same_day: 'due within 2 h', next_day: 'due tomorrow' },
} as const

/** What a bank's no means to its customer. A card that is reported stolen is never called so. */
export const endReasonText = (reason: EndReason, language: Language): string =>
  reasons[reason][language]

const busy = { zh: '银行暂不可用', en: 'the bank is not available now' }
const ours = { zh: '系统错误，请稍后', en: 'system error, try later' }
const reasons: Readonly<Record<EndReason, Readonly<Record<Language, string>>>> = {
  ask_your_bank: { zh: '请联系发卡银行', en: 'ask your bank' },
  merchant_unknown: ours,
  card_unavailable: { zh: '此卡暂不可用，请联系发卡行', en: 'card unavailable, call your bank' },
  declined: { zh: '银行未通过本次交易', en: 'the bank declined' },
  not_supported: { zh: '银行不支持此交易', en: 'not supported for this card' },
  amount_invalid: { zh: '金额无效', en: 'invalid amount' },
  card_invalid: { zh: '卡号无效', en: 'invalid card' },
  bank_not_supported: { zh: '暂不支持该银行', en: 'bank not supported' },
  try_again: { zh: '请重试', en: 'please try again' },
  card_inactive: { zh: '此卡未激活或已休眠', en: 'card inactive' },
  original_state_differs: { zh: '原交易状态不符', en: 'the original does not allow this' },
  format_wrong: ours,
  card_expired: { zh: '此卡已过期', en: 'card expired' },
  pin_tries_exceeded: { zh: '密码错误次数超限', en: 'too many wrong PINs' },
  no_account: { zh: '账户不存在', en: 'no such account' },
  low_funds: { zh: '卡内余额不足', en: 'not enough in the card account' },
  pin_wrong: { zh: '密码错误', en: 'wrong PIN' },
  security_code_wrong: { zh: '卡片校验失败', en: 'security code wrong' },
  restricted: { zh: '交易受限，请联系发卡行', en: 'restricted, call your bank' },
  over_limit: { zh: '超出银行单笔/单日限额', en: "over your bank's limit" },
  amount_differs_from_original: { zh: '金额与原交易不符', en: 'amount differs from the original' },
  over_count: { zh: '超出银行当日次数', en: "over your bank's daily count" },
  session_out_of_step: busy,
  cut_over_running: { zh: '银行日切中，请稍后', en: 'the bank is changing its day' },
  bank_unavailable: busy,
  terminal_unknown: ours,
  keys_out_of_step: busy,
  payee_account_wrong: { zh: '收款账户有误', en: 'payee account wrong' },
  sms_code_needed: { zh: '银行要求短信验证码', en: 'the bank asks for its SMS code' },
  enrolment_needed: { zh: '请先在银行开通', en: 'enrol at your bank first' },
  refused_by_bank: { zh: '银行未通过本次交易', en: 'the bank declined' },
  bank_away: busy,
  not_funded: { zh: '款项未到', en: 'the money did not come' },
}
