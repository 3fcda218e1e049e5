// States between people as tags: tone, Chinese, English.
import type { Status } from '../../status.ts'
import type { Mandate, MoneyRequest, PacketRow, ShareState, SplitRow } from './contract.ts'

export const splitStatus: Readonly<Record<SplitRow['state'], Status>> = {
  open: ['wait', '收款中', 'Collecting'],
  closed: ['done', '已收齐', 'Complete'],
  stopped: ['off', '已停止', 'Stopped'],
  expired: ['off', '已过期', 'Expired'],
}

export const shareStatus: Readonly<Record<ShareState, Status>> = {
  unpaid: ['wait', '待付款', 'Not paid yet'],
  paid: ['done', '已付', 'Paid'],
  returned: ['back', '已退回', 'Given back'],
  void: ['off', '不用付', 'Owes nothing'],
}

export const packetStatus: Readonly<Record<PacketRow['state'], Status>> = {
  open: ['held', '可领取', 'Open'],
  emptied: ['done', '已领完', 'All taken'],
  returned: ['back', '已退回', 'Returned'],
}

export const requestStatus: Readonly<Record<MoneyRequest['state'], Status>> = {
  open: ['wait', '待付款', 'Not paid yet'],
  paid: ['done', '已付', 'Paid'],
  declined: ['off', '已谢绝', 'Declined'],
  cancelled: ['off', '已撤回', 'Withdrawn'],
  expired: ['off', '已过期', 'Expired'],
  refused: ['bad', '没有付成', 'Not paid'],
}

export const mandateStatus: Readonly<Record<Mandate['state'], Status>> = {
  active: ['work', '进行中', 'Running'],
  ended: ['off', '已结束', 'Ended'],
}
