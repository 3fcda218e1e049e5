/** What the owner of points is told. Each is one message, in zh and in en. */
import type { Language } from '../../payments/index.ts'
import type { PointsNotice } from '../../points/index.ts'

export const isOfPoints = <Other extends { readonly id: string }>(
  notice: Other | PointsNotice,
): notice is PointsNotice => notice.id.startsWith('points_')

export const pointsText = (notice: PointsNotice, language: Language): string =>
  language === 'zh' ? zh(notice) : en(notice)

const withSign = (points: string) => (points.startsWith('-') ? points : `+${points}`)

function zh(n: PointsNotice): string {
  switch (n.id) {
    case 'points_spent':
      return `您用${n.points}积分兑换了${n.reward.zh}，剩余${n.left}积分。兑换码请在钱包应用查看，查看后不能取消。`
    case 'points_returned':
      return `${n.reward.zh}兑换已取消，${n.points}积分已退回，现有${n.left}积分。`
    case 'points_expired':
      return `您有${n.points}积分已到期失效，剩余${n.left}积分。`
    case 'points_adjusted':
      return `您的积分有调整：${withSign(n.points)}，现有${n.left}积分。如有疑问请咨询客服。`
  }
}

function en(n: PointsNotice): string {
  switch (n.id) {
    case 'points_spent':
      return `${n.points} points taken for ${n.reward.en}, ${n.left} left. See the code in the wallet app; once seen it cannot be cancelled.`
    case 'points_returned':
      return `${n.reward.en} was cancelled: ${n.points} points are back, you have ${n.left}.`
    case 'points_expired':
      return `${n.points} of your points have expired, ${n.left} are left.`
    case 'points_adjusted':
      return `Your points were adjusted: ${withSign(n.points)}, you have ${n.left}. Call us if you do not know why.`
  }
}
