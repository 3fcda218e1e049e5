/**
 * What a customer is told in the app: each refusal has its status, its code and its words in zh and en. What a
 * one-time code, a passkey or a session is refused for says nothing about the number. Those of the wallet (WL-..)
 * are its own words.
 */
import type { PinRefusal, PinWeakness } from '../../wallet-pins/index.ts'

type Row = readonly [status: number, code: string, zh: string, en: string]

export const rows = {
  session_missing: [401, 'AP-01', '请先登录', 'Sign in first'],
  foreign_request: [403, 'AP-02', '请求不是来自本应用', 'The request is not from our own app'],
  number_malformed: [422, 'AP-03', '请输入11位手机号', 'Enter an 11-digit mobile number'],
  code_asked_too_often: [
    429,
    'AP-04',
    '验证码发送过于频繁，请稍后再试',
    'Codes were asked for too often; try again later',
  ],
  code_wrong: [403, 'AP-05', '验证码不正确', 'That is not the code'],
  too_late: [403, 'AP-06', '验证码已过期，请重新获取', 'The code is too old; ask for a new one'],
  no_tries_left: [
    403,
    'AP-07',
    '已试错5次，请重新获取验证码',
    'Five wrong tries; ask for a new code',
  ],
  codes_locked: [
    429,
    'AP-08',
    '验证码错误次数过多，请30分钟后再试',
    'Too many wrong codes; try again in 30 minutes',
  ],
  passkey_refused: [403, 'AP-11', '通行密钥未通过验证', 'The passkey was not accepted'],
  too_many_passkeys: [
    409,
    'AP-12',
    '通行密钥过多，请先删除一个',
    'There are too many passkeys; remove one first',
  ],
  cooling_off: [
    409,
    'AP-13',
    '换卡后一段时间内不能添加通行密钥',
    'No passkey can be added for a while after the SIM change',
  ],
  sign_in_again: [
    409,
    'AP-15',
    '请退出后重新登录，并在10分钟内操作',
    'Sign out and in again, and do it within 10 minutes',
  ],
  passkey_none: [
    409,
    'AP-17',
    '没有可代替支付密码的通行密钥，请用支付密码添加一个',
    'No passkey may stand for the PIN: add one with the PIN',
  ],
  bank_pin_needed: [
    409,
    'AP-18',
    '这张卡须输入银行卡密码',
    'This card needs the PIN that its bank keeps',
  ],
  pin_missing: [409, 'AP-16', '请输入支付密码', 'Enter your PIN'],
  too_many_looks: [
    429,
    'AP-14',
    '查询过于频繁，请稍后再试',
    'Too many numbers were looked at; try again later',
  ],
  pin_none: [
    409,
    'AP-21',
    '尚未设置支付密码，请到营业厅办理',
    'There is no PIN: ask at a business hall',
  ],
  pin_must_change: [409, 'AP-22', '请先修改初始支付密码', 'Change the initial PIN first'],
  pin_initial_expired: [
    409,
    'AP-23',
    '初始密码已过期，请到营业厅重置',
    'The initial PIN is too old: have it reset at a business hall',
  ],
  pin_wrong: [409, 'AP-24', '支付密码错误，还可试{n}次', 'The PIN is wrong; {n} tries are left'],
  pin_locked: [
    409,
    'AP-25',
    '支付密码已锁定，请到营业厅重置',
    'The PIN is locked: have it reset at a business hall',
  ],
  pin_weak: [422, 'AP-26', '新密码过于简单', 'The new PIN is too easy to guess'],
  pin_personal: [
    422,
    'AP-27',
    '新密码不能取自手机号、证件号、卡号或生日',
    'The new PIN must not come from your number, document, card or birthday',
  ],
  pin_unchanged: [422, 'AP-28', '新密码不能与原密码相同', 'The new PIN is the old one'],
  order_incomplete: [422, 'AP-29', '每种付款方式须各出现一次', 'Each source must be named once'],
  payee_card_invalid: [
    422,
    'AP-33',
    '卡号有误，或暂不支持该银行',
    'The card number is wrong, or its bank is not served',
  ],
  bill_refused: [409, 'AP-30', '账单未录入', 'The bill was not entered'],
  question_over: [
    409,
    'AP-43',
    '付款请求已超时或已取消',
    'The time to answer is over, or the order was cancelled',
  ],
  code_not_ours: [
    422,
    'AP-44',
    '这不是可在本钱包付款的二维码',
    'This is no code that this wallet can pay',
  ],
  order_over: [
    409,
    'AP-45',
    '订单已付款、已取消或已过期',
    'The order is paid, cancelled or too old',
  ],
  bank_refused: [409, 'AP-31', '银行未通过验证', 'The bank did not accept it'],
  bank_away: [503, 'AP-32', '银行暂不可用，请稍后再试', 'The bank is unavailable; try again later'],
} as const satisfies Readonly<Record<string, Row>>

export type ConsumerRefusal = keyof typeof rows

export const pinRefusal = ({ code }: PinRefusal): ConsumerRefusal => `pin_${code}`

const plain: readonly PinWeakness[] = ['not_six_digits', 'all_equal', 'run']

/** Which of the owner's facts it was would help whoever guesses them. */
export const weakPin = (weakness: PinWeakness): ConsumerRefusal =>
  plain.includes(weakness) ? 'pin_weak' : 'pin_personal'
