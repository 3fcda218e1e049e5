/**
 * The words of every notice, in zh and en (message table of the domain, T1 to T19). With a merchant of
 * four characters and goods of five, each zh text fits one UCS-2 message (70) and each en text one of
 * GSM-7 (160); in longer ones the price and the yes-word still stand in the first part.
 */
import type { BillNotice } from '../../billers/index.ts'
import { format } from '../../kernel/index.ts'
import type { Language, Notice, Source } from '../../payments/index.ts'
import type { PointsNotice } from '../../points/index.ts'
import type { TransferNotice } from '../../transfers/index.ts'
import type { WalletNotice } from '../../wallet/index.ts'
import { billText, isOfBills } from './bill-texts.ts'
import type { CardNotice } from './card-desk/notices.ts'
import { cardTextOf } from './card-desk/words.ts'
import { isOfPoints, pointsText } from './points-texts.ts'
import { reasonText } from './reason-texts.ts'
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
    case 'passkey_made':
      return '手机钱包新增了一个通行密钥，可凭它登录。非本人操作请立即在应用“登录设备”中删除，并修改支付密码。'
    case 'passkey_removed':
      return '手机钱包删除了一个通行密钥，不能再凭它登录。非本人操作请查看应用中的登录设备，并修改支付密码。'
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
    case 'passkey_made':
      return 'A passkey was added that signs in to your phone wallet. Not you? Remove it at once in the app, under Devices, and change your PIN.'
    case 'passkey_removed':
      return 'A passkey of your phone wallet was removed and signs in no more. Not you? Look at Devices in the app, and change your PIN.'
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
