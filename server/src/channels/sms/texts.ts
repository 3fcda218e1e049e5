/**
 * The words of every notice, in zh and en (message table of the domain, T1 to T19). With a merchant of
 * four characters and goods of five, each zh text fits one UCS-2 message (70) and each en text one of
 * GSM-7 (160); in longer ones the price and the yes-word still stand in the first part.
 */
import type { BillNotice } from '../../billers/index.ts'
import { type Amount, format } from '../../kernel/index.ts'
import type { Language, Notice, Refusal, Source } from '../../payments/index.ts'
import type { PointsNotice } from '../../points/index.ts'
import type { TransferNotice } from '../../transfers/index.ts'
import type { WalletNotice } from '../../wallet/index.ts'
import { billText, isOfBills } from './bill-texts.ts'
import type { CardNotice } from './card-desk/notices.ts'
import { cardTextOf } from './card-desk/words.ts'
import { isOfPoints, pointsText } from './points-texts.ts'
import { isOfTransfers, transferText } from './transfer-texts.ts'
import { isOfWallet, walletText } from './wallet-texts.ts'

/** Whatever a text may have to say. */
export type AnyNotice = Notice | CardNotice | WalletNotice | TransferNotice | MoreNotice
type MoreNotice = BillNotice | PointsNotice

const isOfCards = (notice: AnyNotice): notice is CardNotice => notice.id.startsWith('card_')

/** The text of a notice. */
export function textOf(notice: AnyNotice, language: Language): string {
  if (isOfCards(notice)) return cardTextOf(notice, language)
  if (isOfWallet(notice)) return walletText(notice, language)
  if (isOfTransfers(notice)) return transferText(notice, language)
  if (isOfBills(notice)) return billText(notice, language)
  if (isOfPoints(notice)) return pointsText(notice, language)
  return language === 'zh' ? zh(notice) : en(notice)
}

/** The text as it is kept: a code is good for a few minutes, its record stays. */
export const recordOf = (notice: AnyNotice, language: Language): string =>
  textOf('code' in notice ? { ...notice, code: '••••••' } : notice, language)

const yuan = (fen: string) => format(BigInt(fen))
/** `0.1` rather than `0.10`, as tariffs are quoted. */
const short = (fen: string) => yuan(fen).replace(/0$/, '')
const whole = (fen: string) => yuan(fen).replace(/\.00$/, '')

function zh(n: Notice): string {
  switch (n.id) {
    case 'T1':
      return `${n.merchant.zh}：${n.goods.zh}，${yuan(n.amount)}元，从话费扣。回复Y确认，${n.minutes}分钟内有效；回N取消。短信费${short(n.tariff)}元/条另计。客服${n.tel}`
    case 'T1c':
      return `${n.merchant.zh}：${n.goods.zh}，${yuan(n.amount)}元，支付码${n.code}，${n.minutes}分钟内在网页输入。任何人索要均勿告知。客服${n.tel}`
    case 'T2':
      return `已付${yuan(n.amount)}元：${n.merchant.zh} ${n.goods.zh}，单号${n.orderNo}。本月已用${yuan(n.usedThisMonth)}/${whole(n.monthLimit)}元。疑问拨${n.tel}`
    case 'C1':
      return `${n.merchant.zh}：${n.goods.zh}，${yuan(n.amount)}元，${n.bank.zh}卡尾号${n.last4}付。回6位支付密码确认，${n.minutes}分钟内有效，回N取消。客服${n.tel}`
    case 'C2':
      return `已付${yuan(n.amount)}元：${n.merchant.zh} ${n.goods.zh}，${n.bank.zh}卡尾号${n.last4}，单号${n.orderNo}。疑问拨${n.tel}`
    case 'W1':
      return `${n.merchant.zh}：${n.goods.zh}，${yuan(n.amount)}元，从钱包余额付。回6位支付密码确认，${n.minutes}分钟内有效，回N取消。客服${n.tel}`
    case 'W2':
      return `已付${yuan(n.amount)}元：${n.merchant.zh} ${n.goods.zh}，钱包余额${yuan(n.left)}元，单号${n.orderNo}。疑问拨${n.tel}`
    case 'W3':
      return `未支付：${reasonText(n.reason, 'zh', BigInt(n.left))}。未扣款，单号${n.orderNo}。`
    case 'T3':
      return `支付处理中，单号${n.orderNo}，结果将短信通知，请勿重复购买。`
    case 'T4':
      return `已取消：${n.merchant.zh} ${n.goods.zh}，未扣费。`
    case 'T5':
      return `未支付：${reasonText(n.reason, 'zh')}。未扣费，单号${n.orderNo}。`
    case 'T6':
      return `未支付：${n.goods.zh} ${yuan(n.amount)}元超出${limitText.zh[n.limit]}限额，今日还可用${yuan(n.leftToday)}元，本月还可用${yuan(n.leftThisMonth)}元。`
    case 'T7':
      return `${n.merchant.zh} ${n.goods.zh}未能交付，${yuan(n.amount)}元已退回${backTo(n).zh}，单号${n.orderNo}。`
    case 'T8':
      return n.examples.length === 0
        ? '无法识别，未扣费。查询发0000，退订发TD。'
        : `无法识别。购买请发商品代码，如${n.examples.join('、')}；退订发TD；查询发0000。未扣费。`
    case 'T9':
      return `确认已超时，未扣费。如需购买请重新发送${n.again}。`
    case 'T10':
      return `该订单已支付，单号${n.orderNo}，未重复扣费。`
    case 'T11':
      return `有${n.pending.length}笔待确认：${numbered(n.pending.map((name) => name.zh))} ${picks(n.pending.length, '或')}确认，回N全部取消。`
    case 'T12':
      return `支付过于频繁，请${n.seconds}秒后再回复Y。未扣费。`
    case 'amount_range':
      return `未支付：金额须为${yuan(n.min)}-${yuan(n.max)}元，以${short(n.step)}元为单位。未扣费。`
    case 'refunded':
      return `已退款：${n.merchant.zh} ${n.goods.zh}，${yuan(n.amount)}元已退回${backTo(n).zh}，单号${n.orderNo}。`
    case 'no_plans':
      return `您没有包月业务。本月已用${yuan(n.usedThisMonth)}元，还可用${yuan(n.leftThisMonth)}元。本短信免费。`
    case 'code_wrong':
      return n.triesLeft > 0
        ? `支付码不正确，还可试${n.triesLeft}次。未扣费。`
        : '支付码错误次数过多，订单已取消，未扣费。'
    case 'codes_locked':
      return `支付码错误次数过多，请${n.minutes}分钟后再试。未扣费。`
    case 'sign_in_code':
      return `验证码${n.code}，${n.minutes}分钟内有效，用于同意${n.merchant.zh}从您的话费扣款。非本人操作请忽略，切勿告知他人。`
    case 'app_code':
      return `验证码${n.code}，${n.minutes}分钟内有效，用于登录手机钱包。工作人员不会索要，请勿告知他人。`
    case 'T19':
      return `手机钱包已开通，初始密码${n.code}，${n.hours}小时内请修改后使用，请勿告知他人。`
    case 'pin_reset':
      return `手机钱包密码已重置，初始密码${n.code}，${n.hours}小时内请修改后使用，请勿告知他人。`
  }
}

function en(n: Notice): string {
  switch (n.id) {
    case 'T1':
      return `${n.merchant.en}: ${n.goods.en}, CNY ${yuan(n.amount)} from your phone bill. Reply Y to pay within ${n.minutes} min, N to cancel. SMS ${short(n.tariff)} each. Help ${n.tel}`
    case 'T1c':
      return `${n.merchant.en}: ${n.goods.en}, CNY ${yuan(n.amount)}. Code ${n.code}, enter it on the page within ${n.minutes} min. Never tell anyone. Help ${n.tel}`
    case 'T2':
      return `Paid CNY ${yuan(n.amount)}: ${n.merchant.en} ${n.goods.en}, no. ${n.orderNo}. Used ${yuan(n.usedThisMonth)}/${whole(n.monthLimit)} this month. Questions: call ${n.tel}`
    case 'C1':
      return `${n.merchant.en}: ${n.goods.en}, CNY ${yuan(n.amount)} by ${n.bank.en} card ${n.last4}. Reply your 6-digit PIN within ${n.minutes} min to pay, N to cancel. Help ${n.tel}`
    case 'C2':
      return `Paid CNY ${yuan(n.amount)}: ${n.merchant.en} ${n.goods.en}, ${n.bank.en} card ${n.last4}, no. ${n.orderNo}. Questions: call ${n.tel}`
    case 'W1':
      return `${n.merchant.en}: ${n.goods.en}, CNY ${yuan(n.amount)} from your wallet. Reply your 6-digit PIN within ${n.minutes} min to pay, N to cancel. Help ${n.tel}`
    case 'W2':
      return `Paid CNY ${yuan(n.amount)}: ${n.merchant.en} ${n.goods.en}, from your wallet, CNY ${yuan(n.left)} left, no. ${n.orderNo}. Questions: call ${n.tel}`
    case 'W3':
      return `Not paid: ${reasonText(n.reason, 'en', BigInt(n.left))}. Nothing was charged. No. ${n.orderNo}.`
    case 'T3':
      return `Payment in progress, no. ${n.orderNo}. We will text the result; please do not buy again.`
    case 'T4':
      return `Cancelled: ${n.merchant.en} ${n.goods.en}. Nothing was charged.`
    case 'T5':
      return `Not paid: ${reasonText(n.reason, 'en')}. Nothing was charged. No. ${n.orderNo}.`
    case 'T6':
      return `Not paid: ${n.goods.en} CNY ${yuan(n.amount)} is over the ${limitText.en[n.limit]} limit. Left today CNY ${yuan(n.leftToday)}, this month CNY ${yuan(n.leftThisMonth)}.`
    case 'T7':
      return `${n.merchant.en} could not deliver ${n.goods.en}. CNY ${yuan(n.amount)} is returned to your ${backTo(n).en}. No. ${n.orderNo}.`
    case 'T8':
      return n.examples.length === 0
        ? 'Not understood. Nothing was charged. 0000 lists; TD stops a plan.'
        : `Not understood. Send a product code such as ${n.examples.join(', ')}; TD stops a plan; 0000 lists. Nothing was charged.`
    case 'T9':
      return `Too late, nothing was charged. Send ${n.again} again to buy.`
    case 'T10':
      return `This order is already paid, no. ${n.orderNo}. You were not charged twice.`
    case 'T11':
      return `${n.pending.length} to confirm: ${numbered(n.pending.map((name) => name.en))} Reply ${picks(n.pending.length, ' or ')}; N cancels all.`
    case 'T12':
      return `Too soon. Please reply Y again in ${n.seconds} s. Nothing was charged.`
    case 'amount_range':
      return `Not paid: the amount must be CNY ${yuan(n.min)}-${yuan(n.max)} in steps of ${short(n.step)}. Nothing was charged.`
    case 'refunded':
      return `Refunded: ${n.merchant.en} ${n.goods.en}, CNY ${yuan(n.amount)} is returned to your ${backTo(n).en}. No. ${n.orderNo}.`
    case 'no_plans':
      return `You have no monthly plans. Used CNY ${yuan(n.usedThisMonth)} this month, CNY ${yuan(n.leftThisMonth)} left. This text is free.`
    case 'code_wrong':
      return n.triesLeft > 0
        ? `Wrong code, ${n.triesLeft} tries left. Nothing was charged.`
        : 'Too many wrong codes: the order is cancelled. Nothing was charged.'
    case 'codes_locked':
      return `Too many wrong codes. Please try again in ${n.minutes} min. Nothing was charged.`
    case 'sign_in_code':
      return `Code ${n.code}, valid ${n.minutes} min, to let ${n.merchant.en} charge your phone bill. Not you? Ignore this, and tell no one.`
    case 'app_code':
      return `Code ${n.code}, valid ${n.minutes} min, to sign in to your phone wallet. Nobody of us will ask for it: tell no one.`
    case 'T19':
      return `Phone wallet opened. Initial PIN ${n.code}; change it within ${n.hours} h before use. Tell no one.`
    case 'pin_reset':
      return `Phone wallet PIN reset. Initial PIN ${n.code}; change it within ${n.hours} h before use. Tell no one.`
  }
}

const numbered = (names: readonly string[]) => names.map((name, i) => `${i + 1}.${name}`).join(' ')

/** `回Y1或Y2`, `Y1, Y2 or Y3`. */
function picks(count: number, or: string): string {
  const all = Array.from({ length: count }, (_, i) => `Y${i + 1}`)
  const last = all.pop() ?? ''
  const list = all.join(or === '或' ? '、' : ', ')
  return `${or === '或' ? '回' : ''}${list}${or}${last}`
}

const backTo = ({ source = 'phone_bill' }: { readonly source?: Source }) =>
  ({
    card: { zh: '银行卡', en: 'card' },
    wallet: { zh: '钱包', en: 'wallet' },
    phone_bill: { zh: '话费', en: 'bill' },
  })[source]

const limitText = {
  zh: { single: '单笔', day: '当日', month: '当月' },
  en: { single: 'single', day: 'day', month: 'month' },
} as const

/** With what is left, where that helps. */
/** Reasons as a customer is told them, with what may still be paid; a blacklist is never named. */
export function reasonText(reason: Refusal, language: Language, left?: Amount): string {
  const words = reasons[groups[reason]][language]
  if (left === undefined) return words
  const amount = format(left)
  return language === 'zh' ? `${words}（剩余${amount}元）` : `${words} (CNY ${amount} left)`
}

const reasons = {
  line_suspended: { zh: '号码已停机', en: 'line suspended' },
  low_credit: { zh: '话费余额不足', en: 'not enough credit' },
  limit: { zh: '超出限额', en: 'over the limit' },
  amount: { zh: '金额低于最低限额', en: 'amount below the minimum' },
  closed: { zh: '商品已下架', en: 'no longer sold' },
  account: { zh: '账号格式不正确', en: 'account not valid' },
  not_open: { zh: '该号码未开放', en: 'not open for this number' },
  risk: { zh: '暂时无法支付，请咨询客服', en: 'cannot pay now, please call us' },
  busy: { zh: '系统忙', en: 'busy' },
  too_soon: { zh: '支付过于频繁', en: 'too soon after the last payment' },
  code: { zh: '支付码错误', en: 'wrong code' },
  card_limit: { zh: '超出银行卡支付限额', en: 'over the limit for cards' },
  card_ask_bank: { zh: '请联系发卡银行', en: 'ask your bank' },
  card_declined: { zh: '银行未通过本次交易', en: 'bank declined' },
  card_unavailable: { zh: '此卡暂不可用，请联系发卡行', en: 'card unavailable, call your bank' },
  card_not_supported: { zh: '银行不支持此交易', en: 'not supported for this card' },
  card_expired: { zh: '此卡已过期', en: 'card expired' },
  card_needs_rebinding: {
    zh: '银行卡信息已变更，请到营业厅重新绑定',
    en: 'card changed at the bank, bind it again at the counter',
  },
  card_pin_wrong: { zh: '银行卡密码错误', en: 'wrong card PIN' },
  card_pin_locked: { zh: '银行卡密码错误次数超限', en: 'too many wrong PINs at the bank' },
  card_low_funds: { zh: '卡内余额不足', en: 'not enough in the card account' },
  card_over_bank_limit: { zh: '超出银行限额或次数', en: 'over a limit of your bank' },
  bank_away: { zh: '银行暂不可用', en: 'bank unavailable' },
  wallet_unavailable: { zh: '钱包暂不可用', en: 'wallet unavailable' },
  wallet_frozen: { zh: '钱包已冻结，请咨询客服', en: 'wallet frozen, please call us' },
  wallet_cooling_off: {
    zh: '为保障资金安全，换卡后暂不能用余额支付',
    en: 'no payments from the wallet for some days after a SIM change',
  },
  wallet_limit: { zh: '超出余额支付限额', en: 'over the limit for the wallet' },
  wallet_class: {
    zh: '今年余额支付额度已用完，可用银行卡支付',
    en: "this year's balance limit is used; pay by card",
  },
  wallet_low_balance: { zh: '余额不足', en: 'not enough balance' },
  pin_needed: { zh: '需要支付密码', en: 'the PIN is needed' },
  code_limit: { zh: '超过今日扫码限额', en: "over today's code limit" },
} as const

const groups: Record<Refusal, keyof typeof reasons> = {
  channel_off: 'busy',
  merchant_off: 'closed',
  goods_unknown: 'closed',
  goods_off: 'closed',
  goods_not_for_this_line: 'not_open',
  account_malformed: 'account',
  number_unknown: 'not_open',
  line_suspended: 'line_suspended',
  line_closed: 'not_open',
  number_not_eligible: 'not_open',
  blacklisted: 'risk',
  switched_off: 'not_open',
  amount_too_small: 'amount',
  over_single_limit: 'limit',
  too_soon: 'too_soon',
  over_day_limit: 'limit',
  over_month_limit: 'limit',
  over_merchant_cap: 'busy',
  no_free_slot: 'busy',
  code_wrong: 'code',
  unknown_number: 'not_open',
  low_credit: 'low_credit',
  not_eligible: 'not_open',
  reservation_expired: 'busy',
  already_reversed: 'busy',
  refused_by_carrier: 'risk',
  carrier_away: 'busy',
  card_over_single_limit: 'card_limit',
  card_over_day_limit: 'card_limit',
  card_ask_bank: 'card_ask_bank',
  card_declined: 'card_declined',
  card_unavailable: 'card_unavailable',
  card_not_supported: 'card_not_supported',
  card_expired: 'card_expired',
  card_needs_rebinding: 'card_needs_rebinding',
  card_pin_wrong: 'card_pin_wrong',
  card_pin_locked: 'card_pin_locked',
  card_low_funds: 'card_low_funds',
  card_over_bank_limit: 'card_over_bank_limit',
  bank_away: 'bank_away',
  wallet_unavailable: 'wallet_unavailable',
  wallet_frozen: 'wallet_frozen',
  wallet_cooling_off: 'wallet_cooling_off',
  wallet_over_single_limit: 'wallet_limit',
  wallet_over_day_limit: 'wallet_limit',
  wallet_over_class_limit: 'wallet_class',
  wallet_low_balance: 'wallet_low_balance',
  pin_needed: 'pin_needed',
  over_code_limit: 'code_limit',
}
