/** What a customer is told when a request for a reward was not taken. No points have moved. */
import type { RedeemRefusal, RedemptionRefusal } from './points.ts'

interface Words {
  readonly code: string
  readonly zh: string
  readonly en: string
}

export const pointsWords: Readonly<Record<RedeemRefusal | RedemptionRefusal, Words>> = {
  wallet_not_found: { code: 'WL-11', zh: '尚未开通钱包', en: 'There is no wallet' },
  wallet_frozen: { code: 'WL-25', zh: '钱包已冻结，暂不能兑换', en: 'The wallet is frozen' },
  exists_with_different_content: {
    code: 'WL-23',
    zh: '请求编号已用于其他业务',
    en: 'The request number was used for something else',
  },
  reward_unknown: { code: 'PT-01', zh: '没有这个奖品', en: 'There is no such reward' },
  reward_not_offered: {
    code: 'PT-02',
    zh: '该奖品暂不可兑换',
    en: 'This reward is not offered now',
  },
  reward_gone: { code: 'PT-03', zh: '已被兑完', en: 'All of them are taken' },
  points_low: { code: 'PT-04', zh: '积分不足', en: 'Not enough points' },
  redemption_unknown: { code: 'PT-05', zh: '没有这次兑换', en: 'There is no such redemption' },
  redemption_shown: {
    code: 'PT-06',
    zh: '兑换码已查看，不能取消',
    en: 'The code was shown; it cannot be cancelled',
  },
  redemption_cancelled: { code: 'PT-07', zh: '这次兑换已取消', en: 'This was cancelled' },
}
