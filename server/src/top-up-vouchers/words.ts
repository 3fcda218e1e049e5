/** What a customer is told when a voucher was not taken; nothing has moved. */
import type { UseRefusal } from './top-up-voucher.ts'

interface Words {
  readonly code: string
  readonly zh: string
  readonly en: string
}

export const topUpVoucherWords: Readonly<Record<UseRefusal, Words>> = {
  wallet_not_found: { code: 'TV-01', zh: '尚未开通钱包', en: 'There is no open wallet' },
  line_not_active: { code: 'TV-02', zh: '号码状态异常', en: 'The number is not active' },
  frozen_in: {
    code: 'TV-03',
    zh: '钱包已冻结，暂不能转入',
    en: 'The wallet is frozen for money in',
  },
  over_single_limit: {
    code: 'TV-04',
    zh: '充值卡面值超过单笔限额',
    en: 'The voucher is worth more than may come in at once',
  },
  top_up_vouchers_locked: {
    code: 'TV-05',
    zh: '充值卡密码输错次数过多，请稍后再试',
    en: 'Too many wrong codes; try again later',
  },
  top_up_voucher_mistyped: {
    code: 'TV-06',
    zh: '充值卡密码应为16位数字，请核对',
    en: 'Check the 16 digits: one of them is wrong',
  },
  top_up_voucher_unknown: {
    code: 'TV-07',
    zh: '充值卡密码不正确',
    en: 'The code is wrong',
  },
  top_up_voucher_not_active: {
    code: 'TV-08',
    zh: '充值卡尚未激活，请联系售卡处',
    en: 'The voucher is not active yet; ask where it was sold',
  },
  top_up_voucher_used: {
    code: 'TV-09',
    zh: '充值卡已被使用',
    en: 'The voucher was used before',
  },
  top_up_voucher_expired: { code: 'TV-10', zh: '充值卡已过期', en: 'The voucher has expired' },
  top_up_voucher_blocked: {
    code: 'TV-11',
    zh: '充值卡已作废，请联系售卡处',
    en: 'The voucher is blocked; ask where it was sold',
  },
  exists_with_different_content: {
    code: 'TV-12',
    zh: '此请求已用于另一张充值卡',
    en: 'This request was used for another voucher',
  },
}
