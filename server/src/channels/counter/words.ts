/**
 * What a clerk is told and tells the customer: each refusal has its code and its words in zh and en. Those of
 * cards (BK-E..) and of the wallet (WL-..) are the words of these modules.
 */
import type { Ports, WordDetail, Words } from './ports.ts'

type Row = readonly [status: number, code: string, zh: string, en: string]

const rows = {
  session_missing: [401, 'CT-01', '请先登录', 'Sign in first'],
  wrong_credentials: [401, 'CT-02', '工号、密码或动态码有误', 'Login, password or code is wrong'],
  locked: [429, 'CT-03', '错误次数过多，请稍后再试', 'Too many wrong tries; try again later'],
  foreign_request: [403, 'CT-04', '请求不是来自本系统页面', 'The request is not from our own page'],
  role_missing: [403, 'CT-05', '您的岗位不能办理', 'Your role does not allow this'],
  password_must_change: [403, 'CT-06', '请先修改初始密码', 'Change your initial password first'],
  password_weak: [
    422,
    'CT-07',
    '新密码至少12位，不能包含工号',
    'At least 12 characters, and not your login in it',
  ],
  password_same: [422, 'CT-08', '新密码不能与原密码相同', 'The new password is the old one'],
  code_wrong: [403, 'CT-09', '动态码有误或已使用', 'The code is wrong or was used'],
  number_malformed: [422, 'CT-11', '手机号码有误', 'This is no mobile number'],
  number_unknown: [404, 'CT-12', '查无此号码', 'The number is not known'],
  carrier_away: [
    503,
    'CT-10',
    '暂时查不到这个号码，请稍后再试',
    'The number cannot be looked up just now; try again later',
  ],
  number_not_in_service: [
    409,
    'CT-13',
    '号码已停机或销号，不能办理',
    'The number is not in service',
  ],
  number_closed: [409, 'CT-13', '号码已停机或销号，不能办理', 'The number is not in service'],
  owner_missing: [
    409,
    'CT-14',
    '号码未实名登记，请先开户',
    'The number has no owner yet: open first',
  ],
  owner_differs: [409, 'CT-15', '证件与机主登记不一致', 'The document is not that of the owner'],
  number_has_owner: [409, 'CT-15', '证件与机主登记不一致', 'The document is not that of the owner'],
  id_number_invalid: [422, 'CT-16', '证件号码有误', 'The number of the document is wrong'],
  document_kind_unsupported: [
    422,
    'CT-16',
    '暂仅支持二代身份证',
    'Only the resident identity card',
  ],
  name_invalid: [422, 'CT-17', '姓名有误', 'The name is not one'],
  name_differs: [409, 'CT-17', '姓名与证件登记不一致', 'The document is known under another name'],
  agreement_outdated: [409, 'CT-18', '协议已更新，请重新签署', 'The agreement has a newer version'],
  card_differs: [409, 'CT-20', '不是绑定的这张卡', 'It is not the card that is bound'],
  wallet_missing: [404, 'CT-19', '尚未开通钱包', 'There is no wallet'],
  pin_none: [409, 'CT-21', '尚未设置支付密码', 'There is no payment PIN'],
  pin_must_change: [409, 'CT-22', '请先修改初始支付密码', 'The initial PIN must be changed first'],
  pin_initial_expired: [
    409,
    'CT-23',
    '初始密码已过期，请重置',
    'The initial PIN is too old: reset it',
  ],
  pin_wrong: [409, 'CT-24', '支付密码错误', 'The payment PIN is wrong'],
  pin_locked: [409, 'CT-25', '支付密码已锁定，请重置', 'The payment PIN is locked: reset it'],
  key_used_otherwise: [
    409,
    'CT-31',
    '请求编号已用于其他业务',
    'The key was used for something else',
  ],
  reason_missing: [422, 'CT-32', '需主管复核，请填写原因', 'A second person must agree: say why'],
  approval_declined: [409, 'CT-33', '主管未同意', 'The second person did not agree'],
  approval_unknown: [404, 'CT-34', '没有这项复核', 'There is no such request'],
  approval_is_own: [403, 'CT-35', '不能复核自己的业务', 'Nobody agrees to his own act'],
  approval_expired: [409, 'CT-36', '复核已过期', 'The request has run out'],
  approval_decided: [409, 'CT-37', '复核已有结论', 'It has been decided before'],
  act_unknown: [404, 'CT-38', '没有这笔业务', 'There is no such act'],
  act_is_over: [409, 'CT-39', '业务已办结', 'The act has ended'],
  act_not_begun: [409, 'CT-40', '业务未提交，请重新办理', 'It never left: begin anew'],
  till_missing: [409, 'CT-51', '请先开钱箱', 'Open your till first'],
  till_short: [409, 'CT-52', '钱箱现金不足', 'There is not enough cash in the till'],
  till_open_already: [409, 'CT-53', '您已有未关的钱箱', 'You have a till open'],
  desk_taken: [409, 'CT-54', '此台席已有钱箱', 'This desk has a till open'],
  till_has_acts_under_way: [409, 'CT-55', '有现金业务未办结', 'Acts with cash are still under way'],
  till_reason_missing: [
    409,
    'CT-56',
    '钱箱不平，请写明原因并由主管复核',
    'The till does not balance: say why, and a second person must agree',
  ],
  till_not_to_be_banked: [
    409,
    'CT-57',
    '这只钱箱没有要缴存的现金',
    'There is no cash of this till to bring to the bank',
  ],
  till_banked_already: [
    409,
    'CT-58',
    '这只钱箱已按另一张缴款单缴存',
    'The cash of this till was banked with another slip',
  ],
  voucher_unknown: [404, 'CT-61', '没有这张凭条', 'There is no such voucher'],
} as const satisfies Readonly<Record<string, Row>>

export type CounterRefusal = keyof typeof rows

export interface Told extends Words {
  readonly type: string
  readonly status: number
}

const told = (type: CounterRefusal): Told => {
  const [status, code, zh, en] = rows[type]
  return { type, status, code, zh, en }
}

/** Whose words they are stands before the refusal: `cards:bound_elsewhere`. */
export type Refusal = CounterRefusal | `cards:${string}` | `wallet:${string}`

export type WordSources = Ports['words']

export function wordsOf(refusal: string, sources: WordSources, detail: WordDetail): Told {
  if (Object.hasOwn(rows, refusal)) return told(refusal as CounterRefusal)
  const [module = '', name = ''] = refusal.split(':')
  const source = module === 'cards' ? sources.cards : sources.wallet
  const unworded = {
    code: 'CT-99',
    zh: '不能办理，请联系主管',
    en: 'Not possible: ask a supervisor',
  }
  const { code, zh, en } = source.of(name, detail) ?? unworded
  return { type: name === '' ? refusal : name, status: 409, code, zh, en }
}

/** All of them, for the clerk to look up. */
export const allWords = (sources: WordSources, now: number): Told[] => [
  ...(Object.keys(rows) as CounterRefusal[]).map(told),
  ...(['cards', 'wallet'] as const).flatMap((module) =>
    sources[module].names.map((name) => wordsOf(`${module}:${name}`, sources, { now })),
  ),
]
