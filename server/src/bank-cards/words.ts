/**
 * What people are told when a card cannot be bound or used: every reason has its code, and its words in
 * zh and en. BK-E01 to BK-E19 are the codes of the trade's verification results; those from BK-E20 on are
 * our own. Nobody is told that a card was reported stolen.
 */
export type BindingRefusal =
  | 'details_differ'
  | 'holder_differs_at_bank'
  | 'mobile_differs'
  | 'cardless_not_open'
  | 'card_invalid'
  | 'card_inactive'
  | 'over_bank_maximum'
  | 'bound_elsewhere'
  | 'owner_differs'
  | 'card_unavailable'
  | 'card_expired'
  | 'not_permitted'
  | 'pin_tries_exceeded'
  | 'bank_busy'
  | 'too_many_verifications'
  | 'document_unsupported'
  | 'not_open'
  | 'code_wrong'
  | 'code_expired'
  | 'needs_rebinding'
  | 'owner_unknown'
  | 'number_not_in_service'
  | 'already_bound'
  | 'pin_wrong'
  | 'in_progress'
  | 'unknown_binding'
  | 'state_differs'

export interface BindingWords {
  readonly code: string
  readonly zh: string
  readonly en: string
}

export const bindingWords: Readonly<Record<BindingRefusal, BindingWords>> = {
  details_differ: {
    code: 'BK-E01',
    zh: '信息与银行预留不一致，请核对',
    en: "Details differ from the bank's record; please check",
  },
  holder_differs_at_bank: {
    code: 'BK-E02',
    zh: '姓名或证件号有误',
    en: 'Name or ID number wrong',
  },
  mobile_differs: {
    code: 'BK-E03',
    zh: '请使用银行预留手机号',
    en: 'Use the number reserved at the bank',
  },
  cardless_not_open: {
    code: 'BK-E04',
    zh: '此卡未开通无卡支付，请先在银行开通',
    en: 'Open cardless payment at your bank first',
  },
  card_invalid: {
    code: 'BK-E05',
    zh: '卡号有误或不支持该银行',
    en: 'Card number wrong or bank not supported',
  },
  card_inactive: { code: 'BK-E06', zh: '此卡未激活或为睡眠卡', en: 'Card not active' },
  over_bank_maximum: {
    code: 'BK-E07',
    zh: '超出系统对该银行限制的最大账号数目',
    en: "Over the bank's maximum of cards for one number",
  },
  bound_elsewhere: {
    code: 'BK-E07',
    zh: '超出系统对该银行限制的最大账号数目：此卡已绑定其他手机',
    en: "Over the bank's maximum: card is bound to another phone",
  },
  owner_differs: {
    code: 'BK-E08',
    zh: '机主与持卡人须为同一人',
    en: 'Phone owner and card holder must be the same',
  },
  card_unavailable: {
    code: 'BK-E09',
    zh: '此卡状态异常，请联系发卡行',
    en: 'Card blocked; call your bank',
  },
  card_expired: { code: 'BK-E10', zh: '此卡已过期', en: 'Card expired' },
  not_permitted: {
    code: 'BK-E11',
    zh: '发卡行不支持此交易',
    en: 'The bank does not permit this',
  },
  pin_tries_exceeded: {
    code: 'BK-E12',
    zh: '密码错误次数过多，请次日再试或联系银行',
    en: 'Too many wrong PINs; try tomorrow or call your bank',
  },
  bank_busy: {
    code: 'BK-E13',
    zh: '银行系统繁忙，请稍后再试',
    en: 'Bank busy, try later',
  },
  too_many_verifications: {
    code: 'BK-E14',
    zh: '今日验证次数已达上限，请明日再试',
    en: 'Verified too often; try again tomorrow',
  },
  document_unsupported: {
    code: 'BK-E15',
    zh: '暂仅支持二代身份证',
    en: 'Only the resident ID card',
  },
  not_open: {
    code: 'BK-E16',
    zh: '所在地区或银行暂未开通',
    en: 'Not open for this region or bank',
  },
  code_wrong: { code: 'BK-E17', zh: '验证码错误', en: 'Code wrong' },
  code_expired: { code: 'BK-E18', zh: '验证码已失效', en: 'Code expired' },
  needs_rebinding: {
    code: 'BK-E19',
    zh: '银行卡信息已变更，请重新绑定',
    en: 'Card changed at the bank; bind again',
  },
  owner_unknown: {
    code: 'BK-E20',
    zh: '号码未实名登记，请先登记',
    en: 'The number has no registered owner; register first',
  },
  number_not_in_service: {
    code: 'BK-E21',
    zh: '号码已停机或销号，不能办理',
    en: 'The number is not in service',
  },
  already_bound: {
    code: 'BK-E22',
    zh: '此卡已绑定本号码',
    en: 'The card is bound to this number already',
  },
  pin_wrong: { code: 'BK-E23', zh: '银行卡密码错误', en: 'Card PIN wrong' },
  in_progress: {
    code: 'BK-E24',
    zh: '正在等待银行答复，请勿重复提交',
    en: 'The bank is being asked; do not send again',
  },
  unknown_binding: { code: 'BK-E25', zh: '没有这张绑定的银行卡', en: 'No such bound card' },
  state_differs: {
    code: 'BK-E26',
    zh: '此卡当前状态不能办理此业务',
    en: 'Not possible in the state of this card',
  },
}
